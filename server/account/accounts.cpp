#include "server/account/accounts.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace server::account {
namespace {

bool same(const mtproto::ClientTransport& a, const mtproto::ClientTransport& b) {
  return a.framing == b.framing && a.obfuscated == b.obfuscated && a.dc == b.dc &&
         a.proxy_secret == b.proxy_secret;
}

bool same(const std::shared_ptr<const upstream::Proxy>& a,
          const std::shared_ptr<const upstream::Proxy>& b) {
  return a == b || (a && b && *a == *b);
}

// How Telegram is reached; the rest is said with a call.
bool same_way(const DcSettings& a, const DcSettings& b) {
  return a.home == b.home && a.pfs == b.pfs && same(a.transport, b.transport) &&
         same(a.proxy, b.proxy);
}

bool same_connection(const DcSettings& a, const DcSettings& b) {
  return a.telegram == b.telegram && same_way(a, b);
}

bool same(const DcSettings& a, const DcSettings& b) {
  return same_connection(a, b) && a.prefix == b.prefix && a.schema == b.schema;
}

bool same(const mtproto::AuthKey& a, const mtproto::AuthKey& b) {
  return CRYPTO_memcmp(a.bytes().data(), b.bytes().data(), mtproto::AuthKey::size) == 0;
}

}  // namespace

struct Accounts::Shared {
  Accounts* all;  // none: they are closed
  std::shared_ptr<Account> account;
  // Nobody uses it, and it is kept for a while.
  std::unique_ptr<boost::asio::steady_timer> idle{};
  std::list<Shared*>::iterator place{};  // in idle_
};

class Accounts::Handle final : public AccountHandle {
 public:
  Handle(SharedPointer shared, AccountUser& user, std::string updates, Stay stay)
      : shared_(std::move(shared)), user_(user), stay_(stay) {
    shared_->account->join(user_, std::move(updates));
  }
  ~Handle() override { leave(); }

  Account& account() override { return *shared_->account; }
  // Once: afterwards it may be destroyed in any thread.
  Authorization leave() override {
    if (std::exchange(left_, true)) return {};
    auto& account = *shared_->account;
    Authorization out{account.session(), account.user_id(), account.updates(user_), {}};
    account.leave(user_);
    if (account.in_use() || shared_->all == nullptr) return out;
    if (stay_ == Stay::with_client) out.names = std::move(account.names());
    shared_->all->release(shared_, stay_);
    return out;
  }

 private:
  const SharedPointer shared_;
  AccountUser& user_;
  const Stay stay_;
  bool left_ = false;
};

Accounts::Accounts(AccountServices services) : services_(std::move(services)) {}

Accounts::~Accounts() { close(); }

std::shared_ptr<const DcSettings> Accounts::shared_settings(DcSettings settings) {
  const auto last = last_settings_.lock();
  if (last && same(*last, settings)) return last;
  settings.upstream = last && same_connection(*last, settings)
                          ? last->upstream
                          : upstream_settings(services_, settings, settings.home);
  auto out = std::make_shared<const DcSettings>(std::move(settings));
  last_settings_ = out;
  return out;
}

std::unique_ptr<AccountHandle> Accounts::join(std::shared_ptr<const DcSettings> settings,
                                              Authorization known, AccountUser& user, Stay stay) {
  auto updates = std::exchange(known.updates, {});
  if (!known.session.key) stay = Stay::with_client;  // nobody else knows the one that it makes
  auto shared = known.session.key ? find(*known.session.key, *settings) : nullptr;
  if (shared && !shared->account->in_use()) {
    stop_keeping(*shared);
    if (!same_way(shared->account->settings(), *settings)) {
      remove(shared);
      shared.reset();
    }
  }
  if (!shared) {
    if (stay == Stay::kept) {
      known.session.session = {};
      known.session.last_seqno = 0;
    }
    shared = make(std::move(settings), std::move(known));
    if (stay == Stay::kept) shared->account->prepare();
  }
  return std::make_unique<Handle>(std::move(shared), user, std::move(updates), stay);
}

std::unique_ptr<AccountHandle> Accounts::join(const Account& account, AccountUser& user) {
  return std::make_unique<Handle>(shared_.at(&account), user, std::string(), Stay::with_client);
}

Accounts::SharedPointer Accounts::find(const mtproto::AuthKey& key,
                                       const DcSettings& settings) const {
  const auto holder = services_.live.find(key.id());
  if (!holder || holder->thread != services_.thread) return nullptr;
  const auto found = shared_.find(holder->account);
  if (found == shared_.end()) return nullptr;
  const auto& account = *found->second->account;
  const auto& held = account.session().key;
  const bool is_it = !account.dead() && held && same(*held, key) &&
                     account.settings().telegram == settings.telegram;
  return is_it ? found->second : nullptr;
}

Accounts::SharedPointer Accounts::make(std::shared_ptr<const DcSettings> settings,
                                       Authorization known) {
  auto account = std::make_shared<Account>(services_, std::move(settings), std::move(known));
  const auto* const key = account.get();
  auto shared = std::make_shared<Shared>(Shared{this, std::move(account)});
  shared_.emplace(key, shared);
  return shared;
}

bool Accounts::is_used_otherwise(const mtproto::AuthKey& key, const DcSettings& settings,
                                 const AccountUser& user) const {
  const auto shared = find(key, settings);
  return shared && shared->account->shared_beside(user) &&
         !same_way(shared->account->settings(), settings);
}

bool Accounts::lives_elsewhere(const mtproto::AuthKey& key) const {
  const auto holder = services_.live.find(key.id());
  return holder && holder->thread != services_.thread;
}

// --- when nobody uses one ---

void Accounts::release(const SharedPointer& shared, Stay stay) {
  const bool keeps =
      stay == Stay::kept && !shared->account->dead() && shared->account->session().key;
  keeps ? keep(shared) : remove(shared);
}

// Of too many the one that was left first is closed.
void Accounts::keep(const SharedPointer& shared) {
  shared->place = idle_.insert(idle_.end(), shared.get());
  shared->idle = std::make_unique<boost::asio::steady_timer>(services_.executor, kept);
  shared->idle->async_wait([weak = std::weak_ptr(shared)](boost::system::error_code stopped) {
    const auto self = weak.lock();
    if (stopped || !self || self->all == nullptr || self->account->in_use()) return;
    self->all->remove(self);
  });
  if (idle_.size() <= most_idle) return;
  const auto oldest = shared_.find(idle_.front()->account.get());
  remove(SharedPointer(oldest->second));
}

void Accounts::stop_keeping(Shared& shared) {
  if (!shared.idle) return;
  shared.idle.reset();
  idle_.erase(shared.place);
}

void Accounts::remove(const SharedPointer& shared) {
  stop_keeping(*shared);
  shared->all = nullptr;
  shared->account->close();
  shared_.erase(shared->account.get());
}

std::size_t Accounts::size() const {
  return static_cast<std::size_t>(std::ranges::count_if(shared_, [](const auto& one) {
    const auto& account = *one.second->account;
    return account.session().key && !account.dead();
  }));
}

void Accounts::close() {
  for (const auto& [account, shared] : std::exchange(shared_, {})) {
    shared->all = nullptr;
    shared->idle.reset();
    shared->account->close();
  }
  idle_.clear();
}

}  // namespace server::account
