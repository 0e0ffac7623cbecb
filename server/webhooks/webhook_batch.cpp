#include "server/webhooks/webhook_batch.hpp"

#include <algorithm>

#include "mtproto/crypto/sha.hpp"
#include "server/protocol/logged_update.hpp"
#include "server/protocol/update_types.hpp"
#include "tl/hex.hpp"
#include "tl/json_text.hpp"

namespace server::webhooks {
namespace {

std::string entry_text(const store::LogEntry& entry, const tl::Schema* schema) {
  std::string out = "{";
  write_logged_update(entry.number, entry.layer, schema, entry.body, out);
  return out + "}";
}

// Of what makes this batch this one. A webhook of the same name that was made anew is another, and
// so are other numbers: what was added since has to be read.
std::string id_of(const store::WebhookRow& webhook, const std::vector<std::int64_t>& numbers) {
  auto text = webhook.account + "/" + webhook.name + "/" + std::to_string(webhook.created);
  for (const auto number : numbers) text += "/" + std::to_string(number);
  const auto hash = mtproto::sha256({tl::as_bytes(text)});
  return "msg_" + tl::to_hex(tl::ByteView(hash).first(16));
}

std::string head_of(const store::WebhookRow& webhook, bool gone, std::int64_t oldest) {
  std::string out = "{\"account\":";
  tl::write_json_string(webhook.account, out);
  out += ",\"webhook\":";
  tl::write_json_string(webhook.name, out);
  if (gone) out += ",\"error\":\"UpdatesGone\",\"oldest\":" + std::to_string(oldest);
  return out + ",\"updates\":[";
}

}  // namespace

WebhookBatch make_batch(const store::WebhookRow& webhook, const store::LogPage& page,
                        const SchemaOfLayer& schema_of) {
  const auto types = UpdateTypes::kept(webhook.types);
  const bool gone = !page.range.has_all_after(webhook.progress.delivered);
  WebhookBatch out;
  out.last = gone ? page.range.oldest - 1 : webhook.progress.delivered;
  auto body = head_of(webhook, gone, page.range.oldest);
  std::vector<std::int64_t> numbers;
  for (const auto& entry : page.entries) {
    const auto schema = schema_of(entry.layer);
    if (schema == nullptr || types.match(*schema, entry.body)) {
      const auto text = entry_text(entry, schema.get());
      if (!numbers.empty() && body.size() + text.size() > WebhookBatch::most_bytes) break;
      if (!numbers.empty()) body += ',';
      body += text;
      numbers.push_back(entry.number);
    }
    out.last = entry.number;
  }
  if (numbers.empty() && !gone) return out;
  if (numbers.empty()) numbers.push_back(-page.range.oldest);
  out.id = id_of(webhook, numbers);
  out.body = body + "]}";
  return out;
}

}  // namespace server::webhooks
