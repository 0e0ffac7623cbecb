#include "server/account/accounts.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>
#include <vector>

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

bool same(const DcSettings& a, const DcSettings& b) {
  return a.telegram == b.telegram && a.home == b.home && a.pfs == b.pfs && a.prefix == b.prefix &&
         same(a.transport, b.transport) && same(a.proxy, b.proxy);
}

}  // namespace

struct Accounts::Shared {
  Shared(Accounts& all_in, std::shared_ptr<const DcSettings> settings_in, Authorization known)
      : all(&all_in),
        key(*known.session.key),
        settings(std::move(settings_in)),
        account(std::make_shared<Account>(all_in.services_, settings, std::move(known))),
        idle(all_in.services_.executor) {}

  bool has(const mtproto::AuthKey& other) const {
    const auto mine = key.bytes();
    return CRYPTO_memcmp(mine.data(), other.bytes().data(), mine.size()) == 0;
  }

  Accounts* all;  // none: they are closed
  const mtproto::AuthKey key;
  const std::shared_ptr<const DcSettings> settings;
  const std::shared_ptr<Account> account;
  boost::asio::steady_timer idle;
};

class Accounts::Own final : public AccountHandle {
 public:
  Own(std::shared_ptr<Account> account, AccountUser& user)
      : account_(std::move(account)), user_(user) {
    account_->join(user);
  }
  ~Own() override { leave(); }

  Account& account() override { return *account_; }
  Authorization leave() override {
    account_->leave(user_);
    return account_->close();
  }

 private:
  std::shared_ptr<Account> account_;
  AccountUser& user_;
};

class Accounts::Guest final : public AccountHandle {
 public:
  Guest(std::shared_ptr<Shared> shared, AccountUser& user)
      : shared_(std::move(shared)), user_(user) {
    shared_->idle.cancel();
    shared_->account->join(user_);
  }
  ~Guest() override { leave(); }

  Account& account() override { return *shared_->account; }
  Authorization leave() override {
    auto& account = *shared_->account;
    Authorization out{account.session(), account.user_id(), account.updates(), {}};
    if (!std::exchange(left_, true)) {
      account.leave(user_);
      if (!account.in_use() && shared_->all != nullptr) shared_->all->release(shared_);
    }
    return out;
  }

 private:
  std::shared_ptr<Shared> shared_;
  AccountUser& user_;
  bool left_ = false;
};

Accounts::Accounts(AccountServices services) : services_(std::move(services)) {}

Accounts::~Accounts() { close(); }

std::shared_ptr<const DcSettings> Accounts::shared_settings(DcSettings settings) {
  if (auto last = last_settings_.lock()) {
    if (same(*last, settings) && last->schema == settings.schema) return last;
  }
  auto out = std::make_shared<const DcSettings>(std::move(settings));
  last_settings_ = out;
  return out;
}

std::unique_ptr<AccountHandle> Accounts::open(std::shared_ptr<const DcSettings> settings,
                                              Authorization known, AccountUser& user) {
  return std::make_unique<Own>(
      std::make_shared<Account>(services_, std::move(settings), std::move(known)), user);
}

std::unique_ptr<AccountHandle> Accounts::join(std::shared_ptr<const DcSettings> settings,
                                              Authorization known, AccountUser& user) {
  const auto found = std::ranges::find_if(shared_, [&](const auto& one) {
    return !one->account->dead() && one->has(*known.session.key) && same(*one->settings, *settings);
  });
  if (found != shared_.end()) return std::make_unique<Guest>(*found, user);
  known.session.session = {};
  known.session.last_seqno = 0;
  auto shared = std::make_shared<Shared>(*this, settings, std::move(known));
  shared->account->prepare();
  shared_.push_back(shared);
  return std::make_unique<Guest>(std::move(shared), user);
}

void Accounts::release(const std::shared_ptr<Shared>& shared) {
  if (shared->account->dead()) {
    shared->account->close();
    std::erase(shared_, shared);
    return;
  }
  shared->idle.expires_after(kept);
  shared->idle.async_wait([this, weak = std::weak_ptr(shared)](boost::system::error_code stopped) {
    const auto self = weak.lock();
    if (stopped || !self || self->account->in_use()) return;
    self->account->close();
    std::erase(shared_, self);
  });
  limit_idle();
}

void Accounts::signed_out(const mtproto::AuthKey& key) {
  const auto shared = std::vector(shared_.begin(), shared_.end());
  for (const auto& one : shared) {
    if (one->has(key)) one->account->close_secondary("the account was signed out");
  }
}

// The longest unused one first: it was joined first, or nearly.
void Accounts::limit_idle() {
  const auto idle = [](const auto& one) { return !one->account->in_use(); };
  if (static_cast<std::size_t>(std::ranges::count_if(shared_, idle)) <= most_idle) return;
  const auto oldest = std::ranges::find_if(shared_, idle);
  (*oldest)->account->close();
  shared_.erase(oldest);
}

std::size_t Accounts::size() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(shared_, [](const auto& one) { return !one->account->dead(); }));
}

void Accounts::close() {
  for (const auto& one : std::exchange(shared_, {})) {
    one->all = nullptr;
    one->idle.cancel();
    one->account->close();
  }
}

}  // namespace server::account
