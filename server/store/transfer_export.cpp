#include "server/store/transfer.hpp"
#include "tl/base64.hpp"

namespace server::store {
namespace {

void wipe_line(std::string& line) {
  mtproto::wipe({reinterpret_cast<std::uint8_t*>(line.data()), line.size()});
  line.clear();
}

// Writes members, with commas between them.
class Line {
 public:
  explicit Line(std::string& out, std::string_view kind) : out_(out) {
    out_.append("{\"").append(kind).append("\":{");
  }
  Line& number(std::string_view name, std::optional<std::int64_t> value) {
    if (!value) return *this;
    begin(name);
    out_ += std::to_string(*value);
    return *this;
  }
  Line& text(std::string_view name, std::string_view value) {
    begin(name);
    tl::write_json_string(value, out_);
    return *this;
  }
  Line& bytes(std::string_view name, tl::ByteView value) {
    begin(name);
    out_ += '"';
    tl::append_base64(value, out_);
    out_ += '"';
    return *this;
  }
  void end() { out_ += "}}\n"; }

 private:
  void begin(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    out_.append("\"").append(name).append("\":");
  }

  std::string& out_;
  bool first_ = true;
};

void write_account(const StoredAccount& account, std::string& out) {
  Line(out, "account")
      .text("name", account.name)
      .number("dc", account.dc)
      .number("user_id", account.user_id)
      .number("api_id", account.api_id)
      .bytes("auth_key", account.auth_key.bytes())
      .text("update_state", account.update_state)
      .text("keep", name_of(account.keep))
      .text("settings", account.settings)
      .number("log_number", account.log_number)
      .end();
}

// The log of one account. False: a line could not be written.
bool export_log(Transaction& transaction, const std::string& account, const WriteLine& write,
                Transferred& count) {
  std::int64_t number = UpdateLog::range(transaction, account).oldest - 1;
  std::string line;
  for (;;) {
    const auto page = UpdateLog::after(transaction, account, number, UpdateLog::most_entries);
    if (page.entries.empty()) return true;
    for (const auto& entry : page.entries) {
      line.clear();
      Line(line, "update")
          .text("account", account)
          .number("number", entry.number)
          .number("at", entry.at)
          .number("layer", entry.layer)
          .bytes("body", entry.body)
          .end();
      if (!write(line)) return false;
      ++count.updates;
    }
    number = page.entries.back().number;
  }
}

void write_webhook(const StoredWebhook& webhook, std::string& out) {
  const auto& progress = webhook.progress;
  Line(out, "webhook")
      .text("account", webhook.account)
      .text("name", webhook.name)
      .text("url", webhook.url)
      .text("types", webhook.types)
      .bytes("secret", webhook.secret.bytes())
      .number("delivered", progress.delivered)
      .text("state", name_of(progress.state))
      .number("failing_since", progress.failing_since)
      .number("attempts", progress.attempts)
      .number("next_attempt", progress.next_attempt)
      .number("last_status", progress.last_status)
      .text("last_error", progress.last_error)
      .number("created", webhook.created)
      .number("changed", webhook.changed)
      .end();
}

// Those of one account. False: a line could not be written.
bool export_webhooks(Transaction& transaction, const std::string& account, const MasterKey& key,
                     const WriteLine& write, Transferred& count) {
  for (const auto& row : WebhookTable::list(transaction, account)) {
    const auto webhook = WebhookTable::load(transaction, account, row.name, key);
    if (!webhook) return true;
    std::string line;
    line.reserve(1024 + 6 * (row.url.size() + row.types.size() + row.progress.last_error.size()));
    write_webhook(*webhook, line);
    const bool written = write(line);
    wipe_line(line);
    if (!written) return false;
    ++count.webhooks;
  }
  return true;
}

bool export_all(Transaction& transaction, const MasterKey& key, const WriteLine& write,
                Transferred& count) {
  if (!write("{\"store\":1}\n")) return false;
  for (const auto& row : AccountTable::list(transaction)) {
    const auto account = AccountTable::load(transaction, row.name, key);
    if (!account) return true;
    std::string line;
    line.reserve(1024 + 2 * (account->update_state.size() + account->settings.size()));
    write_account(*account, line);
    const bool written = write(line);
    wipe_line(line);
    if (!written || !export_log(transaction, row.name, write, count) ||
        !export_webhooks(transaction, row.name, key, write, count)) {
      return false;
    }
    ++count.accounts;
  }
  std::string line;
  Line(line, "end")
      .number("accounts", count.accounts)
      .number("updates", count.updates)
      .number("webhooks", count.webhooks)
      .end();
  return !transaction.ok() || write(line);
}

}  // namespace

StoreResult<Transferred> export_store(AccountStore& store, const WriteLine& write) {
  Transferred count;
  Transaction transaction(store.database(), Database::Mode::read);
  if (!export_all(transaction, store.key(), write, count)) {
    transaction.fail(StoreErrc::failed, "what was to be exported could not be written");
  }
  if (const auto done = transaction.commit(); !done) return done.error();
  return count;
}

}  // namespace server::store
