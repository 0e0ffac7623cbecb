#include "server/http/api_webhook.hpp"

#include <memory_resource>

#include "server/http/api_target.hpp"
#include "server/protocol/update_types.hpp"
#include "server/webhooks/standard_webhook.hpp"
#include "server/webhooks/webhook_address.hpp"
#include "tl/json_pointer.hpp"
#include "tl/json_reader.hpp"
#include "tl/json_text.hpp"
#include "tl/nearest_name.hpp"
#include "tl/numbers.hpp"
#include "tl/shortened.hpp"

namespace server::http {
namespace {

constexpr std::string_view folder = "webhooks";

std::optional<Failure> read_url(const tl::Value& value, store::StoredWebhook& to) {
  if (!value.is_string()) return type_error("/url", "a string is due");
  const auto url = webhooks::read_webhook_url(value.text());
  if (!url) return type_error("/url", url.error());
  to.url = value.text();
  return {};
}

std::optional<Failure> read_types(const tl::Value& value, const tl::Schema& schema,
                                  store::StoredWebhook& to) {
  const auto types = UpdateTypes::read(schema, value, "/types");
  if (!types) return types.error();
  to.types = types->text();
  return {};
}

std::optional<Failure> read_secret(const tl::Value& value, store::StoredWebhook& to) {
  if (!value.is_string()) return type_error("/secret", "a string is due");
  auto secret = webhooks::read_webhook_secret(value.text());
  if (!secret) return type_error("/secret", secret.error());
  to.secret = std::move(*secret);
  return {};
}

std::optional<Failure> read_member(const tl::Member& member, const tl::Schema& schema,
                                   store::StoredWebhook& to) {
  if (member.key == "url") return read_url(member.value, to);
  if (member.value.is_null()) return {};
  if (member.key == "types") return read_types(member.value, schema, to);
  if (member.key == "secret") return read_secret(member.value, to);
  tl::NearestName nearest(member.key);
  for (const auto* known : {"url", "types", "secret"}) nearest.offer(known);
  std::string path = "/";
  tl::append_pointer_token(member.key, path);
  return type_error(std::move(path),
                    "unknown member " + tl::shortened(member.key) + nearest.hint());
}

void write_text(std::string_view key, std::string_view text, std::string& out) {
  out.append(",\"").append(key).append("\":");
  tl::write_json_string(text, out);
}

void write_number(std::string_view key, std::int64_t number, std::string& out) {
  out.append(",\"").append(key).append("\":");
  tl::append_number(number, out);
}

void write_types(std::string_view types, std::string& out) {
  out += ",\"types\":[";
  const auto kept = UpdateTypes::kept(types);
  for (const char* comma = ""; const auto& name : kept.names()) {
    out += comma;
    tl::write_json_string(name, out);
    comma = ",";
  }
  out += ']';
}

// Times are in seconds, as Telegram's.
void write_progress(const store::WebhookProgress& progress, std::string& out) {
  write_text("state", name_of(progress.state), out);
  write_number("delivered", progress.delivered, out);
  if (progress.last_status) write_number("last_status", *progress.last_status, out);
  if (!progress.failing_since) return;
  write_text("last_error", progress.last_error, out);
  write_number("attempts", progress.attempts, out);
  write_number("failing_since", *progress.failing_since / 1000, out);
  write_number("next_attempt", progress.next_attempt / 1000, out);
}

}  // namespace

std::optional<WebhookPath> split_webhook_path(std::string_view path) {
  const auto parts = api_parts(path);
  if (parts.size() < 2 || parts[1] != folder) return {};
  return WebhookPath{parts[0], parts.size() == 3 ? parts[2] : std::string_view()};
}

tl::Result<WebhookPut, Failure> read_webhook(const WebhookPath& path, std::string_view body,
                                             const tl::Schema& schema, tl::Random& random) {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(body, arena);
  if (!value || !value->is_object()) return type_error("", "a JSON object with `url` is due");
  WebhookPut out;
  out.webhook.account = path.account;
  out.webhook.name = path.name;
  for (const auto& member : value->members()) {
    if (auto failure = read_member(member, schema, out.webhook)) return std::move(*failure);
  }
  if (out.webhook.url.empty()) return type_error("/url", "it is missing");
  out.made_secret = out.webhook.secret.size() == 0;
  if (out.made_secret) out.webhook.secret = webhooks::make_webhook_secret(random);
  return out;
}

void write_webhook(const store::WebhookRow& row, const mtproto::SecretBytes* secret,
                   std::string& out) {
  out += "{\"name\":";
  tl::write_json_string(row.name, out);
  write_text("url", row.url, out);
  write_types(row.types, out);
  if (secret != nullptr) {
    const auto text = webhooks::webhook_secret_text(*secret);
    write_text("secret", tl::as_text(text.bytes()), out);
  }
  write_progress(row.progress, out);
  out += '}';
}

}  // namespace server::http
