// The accounts of one thread's clients. A connection has one of its own; plain HTTP requests that
// name the same key meet in one, which is kept for a minute after the last of them. It is found again
// only by the whole key, and never by who uses it another way (layer, app, proxy …).
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <memory>

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
  // What is left of it for another. The account is left, and must not be called any more.
  virtual Authorization leave() = 0;
};

class Accounts {
 public:
  static constexpr std::chrono::seconds kept{60};
  static constexpr std::size_t most_idle = 256;

  explicit Accounts(AccountServices services);
  ~Accounts();

  // The same object for those that have the same settings; most have.
  std::shared_ptr<const DcSettings> shared_settings(DcSettings);
  // One for this user alone.
  std::unique_ptr<AccountHandle> open(std::shared_ptr<const DcSettings>, Authorization,
                                      AccountUser&);
  // The one of that key (which is there) with those settings. Its session is its own; what
  // `Authorization` says of another is left out.
  std::unique_ptr<AccountHandle> join(std::shared_ptr<const DcSettings>, Authorization,
                                      AccountUser&);
  // Nobody is signed in with that key any more.
  void signed_out(const mtproto::AuthKey& key);

  const AccountServices& services() const { return services_; }
  // Of shared ones that may be joined.
  std::size_t size() const;
  // For good, those in use too.
  void close();

 private:
  class Own;
  class Guest;
  struct Shared;

  void release(const std::shared_ptr<Shared>&);
  void limit_idle();

  const AccountServices services_;
  std::list<std::shared_ptr<Shared>> shared_;
  std::weak_ptr<const DcSettings> last_settings_;
};

}  // namespace server::account
