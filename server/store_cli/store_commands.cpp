#include <fstream>
#include <iostream>

#include "server/access/secret_file.hpp"
#include "server/store/transfer.hpp"
#include "server/store/unix_ms.hpp"
#include "server/store_cli/command.hpp"
#include "server/store_cli/private_file.hpp"
#include "server/store_cli/session_text.hpp"

namespace server::store_cli {
namespace {

using store::StoreErrc;
using store::StoreError;

std::string counted(const store::Transferred& count) {
  const auto some = [](std::int64_t number, const std::string& name) {
    return std::to_string(number) + " " + name + (number == 1 ? "" : "s");
  };
  auto out = some(count.accounts, "account") + " and " + some(count.updates, "update");
  if (count.webhooks > 0) out += " and " + some(count.webhooks, "webhook");
  return out;
}

Outcome check(const Request& request) {
  const auto store = open_store(request);
  if (!store) return store.error();
  const auto found = (*store)->check();
  if (!found) return found.error();
  if (!found->empty()) return StoreError{StoreErrc::damaged, request.url.shown + ": " + *found};
  const auto accounts = (*store)->accounts().list();
  if (!accounts) return accounts.error();
  return request.url.shown + " is in order, accounts: " + std::to_string(accounts->size()) + "\n";
}

Outcome rekey(const Request& request) {
  const auto store = open_store(request);
  if (!store) return store.error();
  const auto& path = request.operands[0];
  const store::KeyFile file{path};
  const auto there = store::read_key_file_if_there(file);
  if (!there) return there.error();
  const auto next = *there ? store::StoreResult<store::MasterKey>(**there) : make_key_file(file);
  if (!next) return next.error();
  if (const auto done = (*store)->rekey(*next); !done) return done.error();
  return "Everything is sealed with the key in " + path + " now: --store-key " + path +
         ". Start again what has this store open; the old key opens old copies only.\n";
}

Outcome export_all(const Request& request) {
  const auto store = open_store(request);
  if (!store) return store.error();
  PrivateFile file(request.operands[0]);
  const auto count = export_store(**store, [&](std::string_view line) { return file.write(line); });
  if (!file.error().empty() || (count && !file.finish())) {
    return StoreError{StoreErrc::failed, file.error()};
  }
  if (!count) return count.error();
  if (request.operands[0] == "-") return std::string();
  return counted(*count) + " are in " + request.operands[0] +
         ". Whoever has that file is signed in as all of them.\n";
}

Outcome import_all(const Request& request) {
  const auto store = open_store(request);
  if (!store) return store.error();
  const auto& path = request.operands[0];
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  auto& in = path == "-" ? std::cin : file;
  if (!in) return StoreError{StoreErrc::failed, path + ": it can't be read"};
  store::StoreImport import(**store, store::unix_ms());
  for (std::string line; import.ok() && std::getline(in, line); wipe_text(line)) {
    import.add_line(line);
  }
  const auto count = import.finish();
  if (!count) return StoreError{count.error().code, path + ": " + count.error().text};
  return counted(*count) + " came into " + request.url.shown + "\n";
}

constexpr Command commands_of_store[] = {
    {"store", "check", "", "Say whether it is whole and the key is right", check},
    {"store", "rekey", "FILE", "Seal it with the key in FILE, which is made where it is not there",
     rekey},
    {"store", "export", "FILE", "Write all of it to FILE, keys in the clear", export_all},
    {"store", "import", "FILE", "Take what `store export` wrote: all or nothing", import_all},
};

}  // namespace

std::span<const Command> store_commands() { return commands_of_store; }

}  // namespace server::store_cli
