#include "server/cluster/node_leases.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <thread>

#include "server/logs/logger.hpp"
#include "server/upstream/pump.hpp"

namespace server::cluster {
namespace {

namespace asio = boost::asio;
using upstream::boot_time;

// Who waits for a lease, or has it.
struct Holder {
  NodeLeases::Ticket ticket = 0;
  LeaseWish wish;
  std::shared_ptr<HeldLease> lease{};  // none: it is on its way
  bool lost = false;
  // Wants it as soon as the one that lost it has closed what depended on it.
  std::optional<std::pair<NodeLeases::Ticket, LeaseWish>> next{};
};

}  // namespace

struct NodeLeases::State final : LeaseStatements, LeaseUser {
  State(store::LeaseNode of, std::chrono::milliseconds time, store::StoreThread::Open open)
      : node(std::move(of)),
        ttl(time),
        guard(context.get_executor()),
        timer(context),
        keeper(time, *this, *this),
        table(nullptr, std::move(open)),
        thread([this] { context.run(); }) {}

  // --- in its thread ---

  void want(Ticket ticket, LeaseWish wish) {
    auto [place, added] = holders.try_emplace(wish.account);
    auto& holder = place->second;
    if (!added && holder.lost) {
      holder.next.emplace(ticket, std::move(wish));
      return;
    }
    holder.ticket = ticket;
    holder.wish = std::move(wish);
    if (holder.lease) return tell(holder, {});
    if (added) keeper.want(std::string(place->first), boot_time());
  }

  void let_go(const std::string& account, Ticket ticket) {
    const auto found = holders.find(account);
    if (found == holders.end()) return;
    auto& holder = found->second;
    if (holder.ticket != ticket) {
      if (holder.next && holder.next->first == ticket) holder.next.reset();
      return;
    }
    // Whoever has it may have noticed first.
    const bool over = holder.lease && holder.lease->over(boot_time());
    if (over && !holder.lost) lost.fetch_add(1, std::memory_order_relaxed);
    auto next = std::move(holder.next);
    forget(found);
    keeper.let_go(account, boot_time());
    if (next) want(next->first, std::move(next->second));
  }

  using Holders = std::map<std::string, Holder>;
  void forget(Holders::iterator holder) {
    if (holder->second.lease) held.fetch_sub(1, std::memory_order_relaxed);
    if (holder->second.lost) --closing;
    holders.erase(holder);
  }

  static void tell(Holder& holder, const LeaseRefusal& refusal) {
    asio::post(holder.wish.executor, [then = holder.wish.then, lease = LeasePointer(holder.lease),
                                      refusal] { then(lease, refusal); });
  }

  // Whatever happened, the time has to be looked at again. As long as one that is lost is not let go
  // of, its thread may not know it yet: then all look at each turn.
  void settle() {
    const auto next = closing > 0 ? mtproto::Time::min() : keeper.earliest();
    earliest.store(next.time_since_epoch().count());
    const auto due = keeper.deadline();
    timer.cancel();
    if (!due) return;
    timer.expires_after(std::max(*due - boot_time(), mtproto::Duration::zero()));
    timer.async_wait([this](boost::system::error_code stopped) {
      if (stopped) return;
      keeper.tick(boot_time());
      settle();
    });
  }

  template <class Do>
  void post(Do what) {
    asio::post(context, [this, what = std::move(what)]() mutable {
      what();
      settle();
    });
  }

  // --- LeaseStatements ---
  template <class Work, class Done>
  void say(Work work, Done done) {
    table.post(context.get_executor(), std::move(work), [this, done](auto result) {
      done(result);
      settle();
    });
  }
  void take(std::uint64_t number, const std::string& account) override {
    say([this, account](store::AccountStore& to) { return to.leases().take(account, node, ttl); },
        [this, number, account](const store::StoreResult<store::LeaseOffer>& offer) {
          const bool over = offer && offer->epoch != 0 && !offer->other.id.empty();
          if (over) taken_over.fetch_add(1, std::memory_order_relaxed);
          keeper.on_taken(number, account, offer, boot_time());
        });
  }
  void renew(std::uint64_t number) override {
    say([this](store::AccountStore& to) { return to.leases().renew(node.id, ttl); },
        [this, number](const store::StoreResult<std::vector<store::Lease>>& leases) {
          if (!leases) logs::warn("leases could not be renewed: {}", leases.error().text);
          keeper.on_renewed(number, leases, boot_time());
        });
  }
  void give_back(std::vector<store::Lease> leases) override {
    say([this, leases = std::move(leases)](
            store::AccountStore& to) { return to.leases().give_back(node.id, leases); },
        [](const store::StoreStatus&) {});
  }
  void give_back_all() override {
    say([this](store::AccountStore& to) { return to.leases().give_back_all(node.id); },
        [](const store::StoreStatus& done) {
          if (!done) logs::warn("leases could not be given back: {}", done.error().text);
        });
  }

  // --- LeaseUser ---
  void on_lease(const std::string& account, std::int64_t epoch, mtproto::Time until) override {
    const auto found = holders.find(account);
    if (found == holders.end()) return keeper.let_go(account, boot_time());
    auto& holder = found->second;
    holder.lease = std::make_shared<HeldLease>(store::LeaseMark{node.id, epoch}, until);
    held.fetch_add(1, std::memory_order_relaxed);
    tell(holder, {});
  }
  void on_no_lease(const std::string& account, const LeaseRefusal& refusal) override {
    const auto found = holders.find(account);
    if (found == holders.end()) return;
    tell(found->second, refusal);
    forget(found);
  }
  void on_lease_renewed(const std::string& account, mtproto::Time until) override {
    const auto found = holders.find(account);
    if (found != holders.end() && found->second.lease) found->second.lease->extend(until);
  }
  void on_lease_lost(const std::string& account) override {
    const auto found = holders.find(account);
    if (found == holders.end()) return keeper.let_go(account, boot_time());
    found->second.lost = true;
    ++closing;
    lost.fetch_add(1, std::memory_order_relaxed);
    logs::warn("account={} its lease is lost: the store did not renew it in time", account);
    asio::post(found->second.wish.executor, found->second.wish.lost);
  }

  const store::LeaseNode node;
  const std::chrono::milliseconds ttl;
  std::atomic<Ticket> tickets = 0;
  std::atomic<mtproto::Time::rep> earliest = mtproto::Time::max().time_since_epoch().count();
  std::atomic<std::uint64_t> held = 0, taken_over = 0, lost = 0;

  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard;
  asio::steady_timer timer;
  LeaseKeeper keeper;
  Holders holders;
  std::size_t closing = 0;  // holders of leases that are lost
  store::StoreThread table;
  std::thread thread;
};

NodeLeases::NodeLeases(store::LeaseNode node, std::chrono::milliseconds ttl,
                       store::StoreThread::Open open)
    : state_(std::make_unique<State>(std::move(node), ttl, std::move(open))) {}

NodeLeases::~NodeLeases() {
  auto& state = *state_;
  asio::post(state.context, [&state] {
    state.timer.cancel();
    state.holders.clear();
    state.keeper.stop();
    state.guard.reset();
  });
  state.thread.join();
}

NodeLeases::Ticket NodeLeases::want(LeaseWish wish) {
  auto& state = *state_;
  const auto ticket = ++state.tickets;
  state.post(
      [&state, ticket, wish = std::move(wish)]() mutable { state.want(ticket, std::move(wish)); });
  return ticket;
}

void NodeLeases::let_go(const std::string& account, Ticket ticket) {
  auto& state = *state_;
  state.post([&state, account, ticket] { state.let_go(account, ticket); });
}

mtproto::Time NodeLeases::earliest() const {
  return mtproto::Time(mtproto::Duration(state_->earliest.load(std::memory_order_relaxed)));
}

NodeLeases::Counts NodeLeases::counts() const {
  return {state_->held, state_->taken_over, state_->lost};
}

const store::LeaseNode& NodeLeases::node() const { return state_->node; }

std::chrono::milliseconds NodeLeases::ttl() const { return state_->ttl; }

}  // namespace server::cluster
