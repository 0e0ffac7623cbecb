#include <iostream>
#include <iterator>
#include <memory_resource>

#include "server/access/regular_file.hpp"
#include "server/access/secret_file.hpp"
#include "server/logs/terminal_text.hpp"
#include "server/store/unix_ms.hpp"
#include "server/store_cli/command.hpp"
#include "server/store_cli/private_file.hpp"
#include "server/store_cli/session_text.hpp"
#include "tl/json_reader.hpp"

namespace server::store_cli {
namespace {

using store::StoreErrc;
using store::StoreError;

// stdin or a whole file, of at most a mebibyte.
tl::Result<mtproto::SecretBytes, StoreError> read_input(const std::string& path) {
  if (path != "-") {
    auto bytes = access::read_regular_file(path, access::longest_secret_file);
    if (!bytes) return StoreError{StoreErrc::failed, bytes.error()};
    return std::move(*bytes);
  }
  std::string text(access::longest_secret_file, '\0');
  std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
  mtproto::SecretBytes out(tl::as_bytes(text).first(static_cast<std::size_t>(std::cin.gcount())));
  wipe_text(text);
  return out;
}

StoreError bad_name(std::string_view name) {
  return {StoreErrc::failed,
          std::string(name) + " is no account's name: " + std::string(store::account_name_due)};
}

Outcome added(const Request& request, const std::vector<store::StoredAccount>& accounts) {
  const auto store = open_store(request);
  if (!store) return store.error();
  if (const auto done = (*store)->accounts().add(accounts, store::unix_ms()); !done)
    return done.error();
  std::string out;
  for (const auto& account : accounts) {
    out += account.name + " is kept in " + request.url.shown + "\n";
  }
  return out +
         "Use a session in one program at a time: Telegram ends a key that two use at once.\n";
}

std::string row(const store::AccountRow& account) {
  std::string out = account.name;
  out.resize(std::max<std::size_t>(out.size() + 2, 26), ' ');
  out += "dc " + std::to_string(account.dc) + "  user " +
         (account.user_id ? std::to_string(*account.user_id) : "?") + "  " +
         std::string(name_of(account.keep)) + "  updates " + std::to_string(account.log_number);
  return out + "\n";
}

Outcome list(const Request& request) {
  const auto store = open_store(request);
  if (!store) return store.error();
  const auto accounts = (*store)->accounts().list();
  if (!accounts) return accounts.error();
  std::string out;
  for (const auto& account : *accounts) out += row(account);
  return logs::escaped_lines(out);
}

Outcome show(const Request& request) {
  const auto store = open_store(request);
  if (!store) return store.error();
  const auto& name = request.operands[0];
  const auto account = (*store)->accounts().find(name);
  if (!account) return account.error();
  const auto range = (*store)->log().range(name);
  if (!range) return range.error();
  auto out = row(*account);
  if (account->api_id != 0) out += "api_id " + std::to_string(account->api_id) + "\n";
  out += range->oldest > range->newest ? "no update is kept\n"
                                       : "updates " + std::to_string(range->oldest) + " to " +
                                             std::to_string(range->newest) + " are kept\n";
  if (account->settings != "{}") out += "settings " + account->settings + "\n";
  return logs::escaped_lines(out);
}

Outcome add(const Request& request) {
  const auto& name = request.operands[0];
  const auto& path = request.operands[1];
  if (!store::is_account_name(name)) return bad_name(name);
  const auto bytes = read_input(path);
  if (!bytes) return bytes.error();
  auto account = read_session_text(tl::as_text(bytes->bytes()));
  if (!account) return StoreError{StoreErrc::failed, path + ": " + account.error()};
  account->name = name;
  std::vector<store::StoredAccount> accounts;
  accounts.push_back(std::move(*account));
  return added(request, accounts);
}

Outcome remove(const Request& request) {
  const auto store = open_store(request);
  if (!store) return store.error();
  const auto& name = request.operands[0];
  if (const auto done = (*store)->accounts().remove(name); !done) return done.error();
  return name + " is forgotten, and its log. Telegram was not told: it is signed in there still\n";
}

// {"account":"ada","session":{…}}, the session as text or as an object.
tl::Result<store::StoredAccount, std::string> read_named(std::string_view line) {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(line, arena);
  const auto wrong = std::string("a line {\"account\":NAME,\"session\":{…}} is due");
  if (!value || !value->is_object()) return wrong;
  const auto name = (*value)["account"].text();
  const auto& session = (*value)["session"];
  if (!store::is_account_name(name)) return "/account: " + std::string(store::account_name_due);
  std::string text;
  text.reserve(line.size() + 16);  // so that no piece of the key is left behind
  if (session.is_string()) text = session.text();
  if (session.is_object()) tl::write_json(session, text);
  auto out = read_session_text(text);
  wipe_text(text);
  if (!out) return "/session: " + out.error();
  out->name = name;
  return out;
}

Outcome import(const Request& request) {
  const auto& path = request.operands[0];
  const auto bytes = read_input(path);
  if (!bytes) return bytes.error();
  std::vector<store::StoredAccount> accounts;
  auto text = tl::as_text(bytes->bytes());
  for (int number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    auto account = read_named(line);
    if (!account) {
      return StoreError{StoreErrc::failed,
                        path + ":" + std::to_string(number) + ": " + account.error()};
    }
    accounts.push_back(std::move(*account));
  }
  if (accounts.empty()) return StoreError{StoreErrc::failed, path + ": there is no account in it"};
  return added(request, accounts);
}

Outcome export_one(const Request& request) {
  const auto store = open_store(request);
  if (!store) return store.error();
  const auto& path = request.operands[1];
  const auto account = (*store)->accounts().load(request.operands[0]);
  if (!account) return account.error();
  PrivateFile file(path);
  auto text = session_text(*account);
  const bool written = file.write(text) && file.finish();
  wipe_text(text);
  if (!written) return StoreError{StoreErrc::failed, file.error()};
  if (path == "-") return std::string();
  return account->name + "'s session is in " + path + ". Whoever has that file is signed in.\n";
}

constexpr Command commands_of_account[] = {
    {"account", "list", "", "All accounts", list},
    {"account", "show", "NAME", "One of them", show},
    {"account", "add", "NAME FILE",
     "Keep the session in FILE: a line of signin-cli's, or a session string", add},
    {"account", "remove", "NAME", "Forget it and its log; Telegram is not told", remove},
    {"account", "import", "FILE",
     "Keep many: lines {\"account\":NAME,\"session\":{…}}, all or none", import},
    {"account", "export", "NAME FILE", "Write its session to FILE, as signin-cli prints it",
     export_one},
};

}  // namespace

std::span<const Command> account_commands() { return commands_of_account; }

}  // namespace server::store_cli
