#include "server/named/named_accounts.hpp"

#include <set>
#include <utility>

namespace server::named {

using State = NamedAccount::State;

NamedAccounts::NamedAccounts(NamedServices services)
    : services_(std::move(services)),
      runner_(services_.accounts.services().runner()),
      to_open_(services_.store, services_.accounts.services().executor,
               [this](const std::string& name) { open_unasked(name); }) {}

NamedAccounts::~NamedAccounts() { close(); }

// FNV-1a: the same in every build.
std::size_t NamedAccounts::thread_of(std::string_view name, std::size_t threads) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return threads == 0 ? 0 : static_cast<std::size_t>(hash % threads);
}

void NamedAccounts::start(std::size_t threads) {
  using Names = std::set<std::string>;
  auto work = [](store::AccountStore& store) -> store::StoreResult<Names> {
    Names out;
    const auto rows = store.accounts().list();
    if (!rows) return rows.error();
    for (const auto& row : *rows) {
      if (row.keep == store::Keep::always) out.insert(row.name);
    }
    const auto hooks = store.webhooks().list();
    if (!hooks) return hooks.error();
    for (const auto& hook : *hooks) {
      if (hook.progress.state == store::WebhookState::active) out.insert(hook.account);
    }
    return out;
  };
  auto done = [this, threads](const store::StoreResult<Names>& names) {
    if (closed_) return;
    if (!names) return start_again(threads);
    std::vector<std::string> own;
    for (const auto& name : *names) {
      if (thread_of(name, threads) == services_.accounts.services().thread) own.push_back(name);
    }
    to_open_.add(own);
  };
  services_.store.post(services_.accounts.services().executor, std::move(work), std::move(done));
}

// The store was away just then.
void NamedAccounts::start_again(std::size_t threads) {
  starting_ = std::make_unique<boost::asio::steady_timer>(services_.accounts.services().executor,
                                                          start_again_after);
  starting_->async_wait([this, threads](boost::system::error_code stopped) {
    if (!stopped) start(threads);
  });
}

void NamedAccounts::set_keep(std::string_view account, store::Keep keep) {
  if (closed_ || (keep == store::Keep::attached && all_.find(account) == all_.end())) return;
  if (keep == store::Keep::always) open_unasked(account);
  open(account)->set_keep(keep);
}

// Who has one is connected from now on.
void NamedAccounts::webhook_put(std::string_view account, const std::string& webhook) {
  if (closed_) return;
  open_unasked(account);
  open(account)->webhook_put(webhook);
}

void NamedAccounts::webhook_removed(std::string_view account, const std::string& webhook) {
  const auto found = all_.find(account);
  if (found != all_.end()) std::shared_ptr(found->second.account)->webhook_removed(webhook);
}

std::shared_ptr<NamedAccount> NamedAccounts::open(std::string_view name) {
  // One that failed is here until all that waited for it were told.
  if (const auto found = all_.find(name); found != all_.end()) return found->second.account;
  auto account = std::make_shared<NamedAccount>(services_, runner_, std::string(name),
                                                static_cast<NamedAccount::Owner&>(*this));
  all_.emplace(name, Entry{account});
  account->load();
  return account;
}

void NamedAccounts::open_unasked(std::string_view name) {
  if (closed_) return;
  open(name);
  all_.find(name)->second.unasked = true;
}

void NamedAccounts::give_away(std::size_t most) {
  std::vector<Entries::iterator> unused;
  for (auto at = all_.begin(); at != all_.end() && unused.size() < most; ++at) {
    const auto& account = *at->second.account;
    const bool used = account.in_use() || account.busy() || account.signing_in();
    if (account.stays() && !used) unused.push_back(at);
  }
  for (const auto at : unused) remove(at);
}

void NamedAccounts::close_what_is_over() {
  if (services_.leases == nullptr) return;
  const auto now = upstream::boot_time();
  if (now < services_.leases->earliest()) return;
  std::vector<std::shared_ptr<NamedAccount>> over;
  for (const auto& [name, entry] : all_) {
    if (entry.account->lease_over(now)) over.push_back(entry.account);
  }
  for (const auto& account : over) account->lose_lease();
}

void NamedAccounts::on_unused(NamedAccount& account) {
  const auto found = all_.find(account.name());
  if (found == all_.end() || found->second.account.get() != &account) return;
  if (account.stays()) return;
  if (account.signing_in()) return keep(found, kept_signing_in);
  if (account.busy()) return;
  if (account.state() == State::there) return keep(found, kept);
  const bool again = comes_again(found->second);
  const auto name = account.name();
  remove(found);
  if (again) to_open_.add_again(name);
}

// The store was away, and may have it as one that stays. Where there are leases, whoever looks for
// accounts that are nobody's finds it.
bool NamedAccounts::comes_again(const Entry& entry) const {
  const auto& account = *entry.account;
  return services_.leases == nullptr && entry.unasked && account.state() == State::failed &&
         account.error().code == store::StoreErrc::unavailable;
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
        if (stopped || !account || account->in_use() || account->stays()) return;
        const auto found = all_.find(account->name());
        if (found != all_.end() && found->second.account == account) remove(found);
      });
  if (idle_.size() <= most_idle) return;
  const auto oldest = all_.find(idle_.front());
  const auto& account = *oldest->second.account;
  account.in_use() || account.stays() ? stop_keeping(oldest->second) : remove(oldest);
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
  closed_ = true;
  starting_.reset();
  to_open_.close();
  idle_.clear();
  for (auto& [name, entry] : std::exchange(all_, {})) {
    entry.idle.reset();
    entry.account->close();
  }
}

}  // namespace server::named
