// The lease protocol of one node: takes leases when they are wanted, renews all of them by one
// statement each third of their time, and says that one is lost before it ends. A machine: statements
// go out, answers and the time come in, in any order, late, or never; so a simulation drives it, too.
//
// A lease counts from when the statement that took or renewed it was *sent*, as nobody knows when it
// was carried out. At two thirds it is lost here: its user has the last third to close what another
// owner must not find open. A node that was stopped for long notices at its first turn, whatever
// that brings. What the time of this clock and the database's have in common is their pace: neither
// is compared with the other. (A step of the database's clock by more than a third of a lease can
// have two owners for that long; what the old one writes is refused all the same.)
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mtproto/time.hpp"
#include "server/store/lease_table.hpp"

namespace server::cluster {

// Why there is none.
struct LeaseRefusal {
  store::StoreError error;  // account_elsewhere, or what the store has
  store::LeaseNode owner;   // of account_elsewhere
};

// What is said to the table. An answer names the number of its statement.
class LeaseStatements {
 public:
  virtual ~LeaseStatements() = default;
  virtual void take(std::uint64_t number, const std::string& account) = 0;
  virtual void renew(std::uint64_t number) = 0;
  // Of no answer: what is not given back is found by the next renewal, or expires.
  virtual void give_back(std::vector<store::Lease>) = 0;
  virtual void give_back_all() = 0;
};

// It may call the keeper in any of these, but in on_lease_renewed().
class LeaseUser {
 public:
  virtual ~LeaseUser() = default;
  // What was wanted is ours, until then.
  virtual void on_lease(const std::string& account, std::int64_t epoch, mtproto::Time until) = 0;
  // Or is not.
  virtual void on_no_lease(const std::string& account, const LeaseRefusal&) = 0;
  virtual void on_lease_renewed(const std::string& account, mtproto::Time until) = 0;
  // What depends on it is to be closed now, and then let_go() called: only then may others have it.
  virtual void on_lease_lost(const std::string& account) = 0;
};

class LeaseKeeper {
 public:
  using Time = mtproto::Time;
  using Duration = mtproto::Duration;

  // `ttl`: how long the table's leases are good.
  LeaseKeeper(Duration ttl, LeaseStatements&, LeaseUser&);

  // One that is not held nor wanted yet. Its user is told by on_lease() or on_no_lease().
  void want(const std::string& account, Time now);
  // What depended on it is closed.
  void let_go(const std::string& account, Time now);
  // All that depended on any is closed. Nothing is taken any more.
  void stop();

  void on_taken(std::uint64_t number, const std::string& account,
                const store::StoreResult<store::LeaseOffer>&, Time now);
  void on_renewed(std::uint64_t number, const store::StoreResult<std::vector<store::Lease>>&,
                  Time now);
  void tick(Time now);
  // None: nothing is held, nor wanted.
  std::optional<Time> deadline() const;

  // None that is held ends before that.
  Time earliest() const { return earliest_; }

 private:
  enum class State : std::uint8_t { wanted, held, lost };
  struct Entry {
    State state = State::wanted;
    std::uint64_t number = 0;  // wanted: of its statement; held: of the newest before it was known
    std::int64_t epoch = 0;
    Time sent;
    Time until;
  };
  using Entries = std::map<std::string, Entry>;

  Time until(Time sent) const { return sent + ttl_ * 2 / 3; }
  void expire(Time now);
  void renew(Time now);
  void lose(const std::string& account);
  void count(Time until) { earliest_ = std::min(earliest_, until); }

  const Duration ttl_;
  LeaseStatements& statements_;
  LeaseUser& user_;
  Entries entries_;
  std::size_t held_ = 0;
  std::map<std::uint64_t, Time> renewals_;  // when those were sent that may be answered still
  std::uint64_t numbers_ = 0;
  Time renewal_due_ = Time::max();
  Time earliest_ = Time::max();  // nothing ends before that
  bool stopped_ = false;
};

}  // namespace server::cluster
