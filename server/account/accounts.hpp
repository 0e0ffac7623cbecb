// The accounts of one thread's clients. Those that bring the same key share one, and with it the one
// session that the key may have at home; a client without a key begins one that others may find once
// its key is made. After plain HTTP requests it is kept for a minute, after others it goes at once.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <unordered_map>

#include "server/account/account.hpp"

namespace server::account {

// A client's hold on its account: lets go of it at the end.
class AccountHandle {
 public:
  AccountHandle() = default;
  virtual ~AccountHandle() = default;
  AccountHandle(const AccountHandle&) = delete;
  AccountHandle& operator=(const AccountHandle&) = delete;

  virtual Account& account() = 0;
  // What is left of it for another; once. The account is left, and must not be called any more.
  virtual Authorization leave() = 0;
};

class Accounts {
 public:
  static constexpr std::chrono::seconds kept{60};
  static constexpr std::size_t most_idle = 256;

  // How long an account stays when the last client has left it.
  enum class Stay : std::uint8_t { with_client, kept };

  explicit Accounts(AccountServices services);
  ~Accounts();

  // The same object for those that have the same settings; most have.
  std::shared_ptr<const DcSettings> shared_settings(DcSettings);
  // The account of that key, where there is one; what `Authorization` says of a session is left out
  // then. Else another. One that is `kept` draws its session anew.
  std::unique_ptr<AccountHandle> join(std::shared_ptr<const DcSettings>, Authorization,
                                      AccountUser&, Stay);
  // Another hold on an account that somebody has.
  std::unique_ptr<AccountHandle> join(const Account&, AccountUser&);
  // Whether others than `user` use that key, and reach Telegram in another way: join() would have
  // to leave `settings` out.
  bool is_used_otherwise(const mtproto::AuthKey&, const DcSettings& settings,
                         const AccountUser& user) const;

  // Whether the account of that key is in another thread, or is to be.
  bool lives_elsewhere(const mtproto::AuthKey&) const;

  const AccountServices& services() const { return services_; }
  // Of those that may be joined.
  std::size_t size() const;
  // For good, those in use too.
  void close();

 private:
  class Handle;
  struct Shared;
  using SharedPointer = std::shared_ptr<Shared>;

  SharedPointer find(const mtproto::AuthKey&, const DcSettings&) const;
  SharedPointer make(std::shared_ptr<const DcSettings>, Authorization);
  void release(const SharedPointer&, Stay);
  void keep(const SharedPointer&);
  void stop_keeping(Shared&);
  void remove(const SharedPointer&);

  const AccountServices services_;
  std::unordered_map<const Account*, SharedPointer> shared_;
  std::list<Shared*> idle_;  // the one that was left first is first
  std::weak_ptr<const DcSettings> last_settings_;
};

}  // namespace server::account
