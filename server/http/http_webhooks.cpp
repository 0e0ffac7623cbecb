// /api/v1/{account}/webhooks and …/{name}: where a named account's updates are sent.
#include "server/connection/account_attribute.hpp"
#include "server/gateway/account_news.hpp"
#include "server/gateway/gateway.hpp"
#include "server/http/api_target.hpp"
#include "server/http/api_webhook.hpp"
#include "server/http/http_channel.hpp"
#include "server/store/unix_ms.hpp"
#include "server/upstream/pump.hpp"

namespace server::http {
namespace {

using Rows = store::StoreResult<std::vector<store::WebhookRow>>;

// Without a secret it keeps the one that it has.
store::StoreResult<store::WebhookRow> put_into(store::AccountStore& store, WebhookPut& what,
                                               std::int64_t now) {
  auto& webhook = what.webhook;
  if (what.made_secret) {
    auto before = store.webhooks().load(webhook.account, webhook.name);
    if (before) webhook.secret = std::move(before->secret);
    what.made_secret = !before;
  }
  return store.webhooks().put(webhook, now);
}

}  // namespace

void HttpChannel::begin_webhooks() {
  const auto& head = reader_->head();
  const auto path = split_webhook_path(head.path);
  if (!path || !store::is_account_name(path->account)) {
    return refuse_call(no_such_account_name(path ? path->account : std::string_view()));
  }
  if (!path->name.empty() && !store::is_account_name(path->name)) {
    return refuse_call({"NotFound",
                        "in the name of a webhook " + std::string(store::account_name_due),
                        {},
                        {},
                        {}});
  }
  if (auto refused = forbidden_account({false, path->account, {}, false, {}}, scope_.get())) {
    return refuse_call(*refused);
  }
  if (!thread_.gateway.store) return refuse_call(no_accounts_kept());
  const bool reads = head.method == "GET" || head.method == "HEAD";
  if (!reads && !may_administer("change webhooks")) return;
  if (head.method == "PUT") return begin_short_body();
  if (refuse_body()) return;
  head.method == "DELETE" ? remove_webhook(*path) : show_webhooks(*path);
}

void HttpChannel::put_webhook(const std::string& body) {
  auto& gateway = thread_.gateway;
  const auto path = split_webhook_path(reader_->head().path);
  auto put = read_webhook(*path, body, *gateway.schemes()->first().schema, thread_.random);
  if (!put) return refuse_call(put.error());
  const auto what = std::make_shared<WebhookPut>(std::move(*put));
  const auto now = store::unix_ms();
  auto work = [what, now](store::AccountStore& store) { return put_into(store, *what, now); };
  auto done = [self = self_, what, &gateway](const store::StoreResult<store::WebhookRow>& row) {
    if (row) {
      tell_account(gateway,
                   {what->webhook.account, AccountNews::What::webhook_put, what->webhook.name});
    }
    auto* channel = *self;
    if (channel == nullptr) return;
    if (!row) return channel->refuse_late(store_failure(row.error()));
    std::string out;
    write_webhook(*row, what->made_secret ? &what->webhook.secret : nullptr, out);
    channel->answer_late(std::move(out));
  };
  gateway.store->post(thread_.executor, std::move(work), std::move(done));
}

void HttpChannel::remove_webhook(const WebhookPath& path) {
  auto& gateway = thread_.gateway;
  std::string account(path.account), name(path.name);
  if (name.empty()) return refuse_call({"NotFound", "name a webhook", {}, {}, {}});
  auto work = [account, name](store::AccountStore& store) {
    return store.webhooks().remove(account, name);
  };
  auto done = [self = self_, account, name, &gateway](const store::StoreStatus& status) {
    if (status) {
      tell_account(gateway, {account, AccountNews::What::webhook_removed, name});
    }
    auto* channel = *self;
    if (channel == nullptr) return;
    status ? channel->answer_late("true") : channel->refuse_late(store_failure(status.error()));
  };
  gateway.store->post(thread_.executor, std::move(work), std::move(done));
}

void HttpChannel::show_webhooks(const WebhookPath& path) {
  std::string account(path.account), name(path.name);
  auto work = [account, name](store::AccountStore& store) -> Rows {
    if (name.empty()) return store.webhooks().list(account);
    auto row = store.webhooks().find(account, name);
    return row ? Rows(std::vector{std::move(*row)}) : Rows(row.error());
  };
  auto done = [self = self_, all = name.empty()](const Rows& rows) {
    auto* channel = *self;
    if (channel == nullptr) return;
    if (!rows) return channel->refuse_late(store_failure(rows.error()));
    std::string out;
    for (const auto& row : *rows) {
      if (!out.empty()) out += ',';
      write_webhook(row, nullptr, out);
    }
    channel->answer_late(all ? "[" + out + "]" : out);
  };
  thread_.gateway.store->post(thread_.executor, std::move(work), std::move(done));
}

// --- when the store has spoken ---

void HttpChannel::answer_late(std::string result) {
  LongText text;
  text += R"({"ok":true,"result":)";
  text.attach(std::move(result));
  text += "}";
  on_api_reply({200, {}}, std::move(text));
  advance(upstream::boot_time());
}

void HttpChannel::refuse_late(const Failure& failure) {
  refuse_call(failure);
  advance(upstream::boot_time());
}

}  // namespace server::http
