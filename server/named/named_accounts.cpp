#include "server/named/named_accounts.hpp"

#include <utility>

namespace server::named {

using State = NamedAccount::State;

NamedAccounts::NamedAccounts(NamedServices services)
    : services_(std::move(services)), runner_(services_.accounts.services().runner()) {}

NamedAccounts::~NamedAccounts() { close(); }

// FNV-1a: the same in every build.
std::size_t NamedAccounts::thread_of(std::string_view name, std::size_t threads) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return threads == 0 ? 0 : static_cast<std::size_t>(hash % threads);
}

std::shared_ptr<NamedAccount> NamedAccounts::open(std::string_view name) {
  auto found = all_.find(name);
  if (found != all_.end() && found->second.account->state() != State::failed) {
    return found->second.account;
  }
  if (found != all_.end()) remove(found);
  auto account = std::make_shared<NamedAccount>(services_, runner_, std::string(name),
                                                static_cast<NamedAccount::Owner&>(*this));
  all_.emplace(name, Entry{account});
  account->load();
  return account;
}

void NamedAccounts::on_unused(NamedAccount& account) {
  const auto found = all_.find(account.name());
  if (found == all_.end() || found->second.account.get() != &account) return;
  if (account.stays() || account.busy()) return;
  if (account.state() == State::there) return keep(found, kept);
  if (account.signing_in()) return keep(found, kept_signing_in);
  remove(found);
}

// Who is used again by then stays. Of too many the one that was left first is closed.
void NamedAccounts::keep(Entries::iterator entry, std::chrono::seconds how_long) {
  stop_keeping(entry->second);
  entry->second.place = idle_.insert(idle_.end(), entry->first);
  auto& timer = entry->second.idle;
  timer =
      std::make_unique<boost::asio::steady_timer>(services_.accounts.services().executor, how_long);
  timer->async_wait(
      [this, weak = std::weak_ptr(entry->second.account)](boost::system::error_code stopped) {
        const auto account = weak.lock();
        if (stopped || !account || account->in_use()) return;
        const auto found = all_.find(account->name());
        if (found != all_.end() && found->second.account == account) remove(found);
      });
  if (idle_.size() <= most_idle) return;
  const auto oldest = all_.find(idle_.front());
  oldest->second.account->in_use() ? stop_keeping(oldest->second) : remove(oldest);
}

void NamedAccounts::stop_keeping(Entry& entry) {
  if (!entry.idle) return;
  entry.idle.reset();
  idle_.erase(entry.place);
}

void NamedAccounts::remove(Entries::iterator entry) {
  stop_keeping(entry->second);
  const auto account = entry->second.account;
  all_.erase(entry);
  account->close();
}

void NamedAccounts::close() {
  idle_.clear();
  for (auto& [name, entry] : std::exchange(all_, {})) {
    entry.idle.reset();
    entry.account->close();
  }
}

}  // namespace server::named
