// The leases of this process, for the threads where accounts live: one lease protocol for all of
// them, on a thread and a connection to the store of its own, so that renewing waits for nothing
// else. Whoever holds one looks whether it is over before anything else in each turn (earliest()),
// as nobody wakes a process that was stopped in time.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "server/cluster/lease_keeper.hpp"
#include "server/store/lease_mark.hpp"
#include "server/store/store_thread.hpp"

namespace server::cluster {

// May be read in any thread.
class HeldLease {
 public:
  HeldLease(store::LeaseMark mark, mtproto::Time until)
      : mark_(std::move(mark)), until_(until.time_since_epoch().count()) {}

  const store::LeaseMark& mark() const { return mark_; }
  bool over(mtproto::Time now) const { return now.time_since_epoch().count() >= until_; }
  void extend(mtproto::Time until) { until_ = until.time_since_epoch().count(); }

 private:
  const store::LeaseMark mark_;
  std::atomic<mtproto::Time::rep> until_;
};

using LeasePointer = std::shared_ptr<const HeldLease>;

struct LeaseWish {
  std::string account;
  boost::asio::any_io_executor executor;  // what is told is told there
  // Once: the lease, or why there is none.
  std::function<void(LeasePointer, const LeaseRefusal&)> then;
  // What depends on it is to be closed, and then let_go() called.
  std::function<void()> lost;
};

class NodeLeases {
 public:
  struct Counts {
    std::uint64_t held = 0, taken_over = 0, lost = 0;
  };

  // `open`: of a PostgreSQL.
  NodeLeases(store::LeaseNode node, std::chrono::milliseconds ttl, store::StoreThread::Open open);
  // Gives all back. What depended on any is closed by then.
  ~NodeLeases();

  // All of this from any thread. A number by which to let go.
  using Ticket = std::uint64_t;
  // Where an earlier one has the lease still, whose account is closed, the lease passes to this one.
  Ticket want(LeaseWish);
  // What depended on it is closed, or it is not wanted any more. Nothing where it has passed on.
  void let_go(const std::string& account, Ticket);
  // None of them is over before that.
  mtproto::Time earliest() const;
  Counts counts() const;
  const store::LeaseNode& node() const;
  std::chrono::milliseconds ttl() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace server::cluster
