#include "server/store/transfer.hpp"

#include <limits>
#include <memory_resource>

#include "mtproto/crypto/auth_key.hpp"
#include "server/store/key_check.hpp"
#include "tl/base64.hpp"
#include "tl/json_reader.hpp"

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
    if (!written || !export_log(transaction, row.name, write, count)) return false;
    ++count.accounts;
  }
  std::string line;
  Line(line, "end").number("accounts", count.accounts).number("updates", count.updates).end();
  return !transaction.ok() || write(line);
}

std::optional<mtproto::SecretBytes> read_key(const tl::Value& value) {
  tl::Bytes bytes;
  const bool read = value.text().size() <= 400 && tl::decode_base64(value.text(), bytes);
  std::optional<mtproto::SecretBytes> out;
  if (read && bytes.size() == mtproto::AuthKey::size) out.emplace(tl::ByteView(bytes));
  mtproto::wipe(bytes);
  return out;
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
  } else if (const auto& last = line["end"]; last.is_object()) {
    end(last);
  } else {
    fail("account, update or end is due");
  }
}

void StoreImport::add_account(const tl::Value& value) {
  StoredAccount account;
  account.name = value["name"].text();
  auto key = read_key(value["auth_key"]);
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
  names_.insert(account.name);
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

void StoreImport::end(const tl::Value& value) {
  ended_ = true;
  if (value["accounts"].as_int64() != count_.accounts ||
      value["updates"].as_int64() != count_.updates) {
    fail("it counts other accounts and updates than stand above");
  }
}

StoreResult<Transferred> StoreImport::finish() {
  if (ok() && !ended_) fail("it ends before its end");
  if (const auto done = transaction_.commit(); !done) return done.error();
  return count_;
}

}  // namespace server::store
