#include "server/store/transfer.hpp"

#include <memory_resource>

#include "mtproto/crypto/auth_key.hpp"
#include "server/store/key_check.hpp"
#include "tl/base64.hpp"
#include "tl/json_reader.hpp"

namespace server::store {
namespace {

std::optional<mtproto::SecretBytes> read_secret(const tl::Value& value, std::size_t least,
                                                std::size_t most) {
  tl::Bytes bytes;
  const bool read = value.text().size() <= 400 && tl::decode_base64(value.text(), bytes);
  std::optional<mtproto::SecretBytes> out;
  if (read && bytes.size() >= least && bytes.size() <= most) out.emplace(tl::ByteView(bytes));
  mtproto::wipe(bytes);
  return out;
}

}  // namespace

StoreImport::StoreImport(AccountStore& store, std::int64_t now)
    : store_(store), now_(now), transaction_(store.database(), Database::Mode::write) {
  transaction_.claim(Database::Claim::shared);
  check_key(transaction_, store.key());
}

void StoreImport::fail(std::string_view what) {
  transaction_.fail(StoreErrc::failed, "line " + std::to_string(line_) + ": " + std::string(what));
}

void StoreImport::add_line(std::string_view line) {
  ++line_;
  if (!ok() || line.empty()) return;
  if (line.size() > longest_line) return fail("it is longer than 64 MiB");
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(line, arena);
  if (!value || !value->is_object()) return fail("a JSON object is due");
  add(*value);
}

void StoreImport::add(const tl::Value& line) {
  if (line_ == 1) {
    if (line["store"].as_int64() != 1) fail("what `store export` of this version wrote is due");
  } else if (ended_) {
    fail("nothing may stand behind the end");
  } else if (const auto& account = line["account"]; account.is_object()) {
    add_account(account);
  } else if (const auto& update = line["update"]; update.is_object()) {
    add_update(update);
  } else if (const auto& webhook = line["webhook"]; webhook.is_object()) {
    add_webhook(webhook);
  } else if (const auto& last = line["end"]; last.is_object()) {
    end(last);
  } else {
    fail("account, update, webhook or end is due");
  }
}

void StoreImport::add_account(const tl::Value& value) {
  StoredAccount account;
  account.name = value["name"].text();
  auto key = read_secret(value["auth_key"], mtproto::AuthKey::size, mtproto::AuthKey::size);
  const auto dc = value["dc"].as_int64().value_or(0);
  const auto keep = value["keep"].text();
  if (!is_account_name(account.name))
    return fail("/account/name: " + std::string(account_name_due));
  if (!key) return fail("/account/auth_key: 256 bytes in base64 are due");
  if (dc < 1 || dc > 999) return fail("/account/dc: a data centre's number is due");
  if (keep != name_of(Keep::attached) && keep != name_of(Keep::always)) {
    return fail("/account/keep: attached or always is due");
  }
  account.auth_key = std::move(*key);
  account.dc = dc;
  account.user_id = value["user_id"].as_int64();
  account.api_id = value["api_id"].as_int64().value_or(0);
  account.update_state = value["update_state"].text();
  account.keep = keep == name_of(Keep::always) ? Keep::always : Keep::attached;
  account.settings = value["settings"].text();
  account.log_number = value["log_number"].as_int64().value_or(0);
  AccountTable::insert(transaction_, account, store_.key(), now_);
  names_.emplace(account.name, account.log_number);
  ++count_.accounts;
}

void StoreImport::add_update(const tl::Value& value) {
  const auto account = value["account"].text();
  const auto number = value["number"].as_int64();
  LoggedUpdate update;
  if (!names_.contains(account)) return fail("/update/account: no such account stands above");
  if (!number || *number < 1) return fail("/update/number: a number is due");
  if (!value["body"].is_string() || !tl::decode_base64(value["body"].text(), update.body)) {
    return fail("/update/body: base64 is due");
  }
  update.at = value["at"].as_int64().value_or(0);
  update.layer = value["layer"].as_int64().value_or(0);
  UpdateLog::insert(transaction_, account, *number, update);
  ++count_.updates;
}

void StoreImport::add_webhook(const tl::Value& value) {
  StoredWebhook webhook;
  webhook.account = value["account"].text();
  webhook.name = value["name"].text();
  webhook.url = value["url"].text();
  auto secret = read_secret(value["secret"], 1, 64);
  const auto state = value["state"].text();
  const auto owner = names_.find(webhook.account);
  auto& progress = webhook.progress;
  progress.delivered = value["delivered"].as_int64().value_or(-1);
  if (owner == names_.end()) return fail("/webhook/account: no such account stands above");
  if (!is_account_name(webhook.name)) {
    return fail("/webhook/name: " + std::string(account_name_due));
  }
  if (webhook.url.empty()) return fail("/webhook/url: a URL is due");
  if (!secret) return fail("/webhook/secret: 1 to 64 bytes in base64 are due");
  if (state != name_of(WebhookState::active) && state != name_of(WebhookState::failed)) {
    return fail("/webhook/state: active or failed is due");
  }
  if (progress.delivered < 0 || progress.delivered > owner->second) {
    return fail("/webhook/delivered: a number of its account's log is due");
  }
  webhook.types = value["types"].text();
  webhook.secret = std::move(*secret);
  progress.state =
      state == name_of(WebhookState::failed) ? WebhookState::failed : WebhookState::active;
  progress.failing_since = value["failing_since"].as_int64();
  progress.attempts = value["attempts"].as_int64().value_or(0);
  progress.next_attempt = value["next_attempt"].as_int64().value_or(0);
  progress.last_status = value["last_status"].as_int64();
  progress.last_error = value["last_error"].text();
  webhook.created = value["created"].as_int64().value_or(now_);
  webhook.changed = value["changed"].as_int64().value_or(now_);
  WebhookTable::insert(transaction_, webhook, store_.key());
  ++count_.webhooks;
}

void StoreImport::end(const tl::Value& value) {
  ended_ = true;
  if (value["accounts"].as_int64() != count_.accounts ||
      value["updates"].as_int64() != count_.updates ||
      // What was exported before there were any says nothing of them.
      value["webhooks"].as_int64().value_or(0) != count_.webhooks) {
    fail("it counts other accounts, updates and webhooks than stand above");
  }
}

StoreResult<Transferred> StoreImport::finish() {
  if (ok() && !ended_) fail("it ends before its end");
  if (const auto done = transaction_.commit(); !done) return done.error();
  return count_;
}

}  // namespace server::store
