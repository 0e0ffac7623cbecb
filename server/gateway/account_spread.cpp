#include "server/gateway/account_spread.hpp"

#include <boost/asio/steady_timer.hpp>
#include <string>
#include <vector>

#include "server/cluster/share.hpp"
#include "server/gateway/gateway.hpp"

namespace server {

namespace asio = boost::asio;

namespace {

struct Seen {
  std::vector<std::string> unowned;
  std::vector<store::NodeShare> shares;
};

store::StoreResult<Seen> look_in(store::AccountStore& store, const store::LeaseNode& node,
                                 std::chrono::milliseconds ttl) {
  if (const auto said = store.nodes().here(node, 2 * ttl); !said) return said.error();
  auto unowned = store.leases().unowned(AccountSpread::batch);
  if (!unowned) return unowned.error();
  auto shares = store.nodes().shares();
  if (!shares) return shares.error();
  return Seen{std::move(*unowned), std::move(*shares)};
}

}  // namespace

struct AccountSpread::State : std::enable_shared_from_this<State> {
  explicit State(Gateway& of) : gateway(of), timer(of.threads.front()->executor) {}

  const store::LeaseNode& node() const { return gateway.leases->node(); }

  void look() {
    looked_at = asio::steady_timer::clock_type::now();
    auto work = [node = node(), ttl = gateway.leases->ttl()](store::AccountStore& store) {
      return look_in(store, node, ttl);
    };
    auto done = [weak = weak_from_this()](const store::StoreResult<Seen>& seen) {
      const auto self = weak.lock();
      if (self && !self->stopped) self->looked(seen ? *seen : Seen{});
    };
    gateway.store->post(timer.get_executor(), std::move(work), std::move(done));
  }

  void looked(const Seen& seen) {
    open(seen.unowned);
    if (seen.unowned.empty()) give_away(cluster::above_share(seen.shares, node().id));
    timer.expires_at(looked_at + pause_after(seen.unowned.size()));
    timer.async_wait([weak = weak_from_this()](boost::system::error_code failed) {
      const auto self = weak.lock();
      if (!failed && self && !self->stopped) self->look();
    });
  }

  std::chrono::milliseconds pause_after(std::size_t found) {
    constexpr std::chrono::milliseconds moment{500};
    const auto ttl = gateway.leases->ttl();
    eager = found > 0 ? eager_looks : std::max(eager - 1, 0);
    if (found == batch) return moment;
    return eager > 0 ? ttl / eager_looks : ttl;
  }

  void open(const std::vector<std::string>& names) {
    for (const auto& name : names) {
      in_thread_of(gateway, name,
                   [](auto& accounts, const std::string& of) { accounts.open_unasked(of); });
    }
  }

  // Whoever looks next has them; that is not this node, which looks a lease's time from now.
  void give_away(std::size_t count) {
    if (count == 0) return;
    eager = 0;
    const auto& threads = gateway.threads;
    count = std::min<std::size_t>(count, batch);
    const auto parts = cluster::parts_of(count, threads.size(), odd_ones_from);
    odd_ones_from = (odd_ones_from + count) % threads.size();
    for (std::size_t i = 0; i < threads.size(); ++i) {
      if (parts[i] == 0) continue;
      asio::post(threads[i]->executor, [accounts = &threads[i]->named->accounts, part = parts[i]] {
        accounts->give_away(part);
      });
    }
  }

  // So that its share is the others'.
  void leave() {
    gateway.store->post(
        timer.get_executor(),
        [id = node().id](store::AccountStore& store) { return store.nodes().leave(id); },
        [](const store::StoreStatus&) {});
  }

  Gateway& gateway;
  asio::steady_timer timer;
  asio::steady_timer::time_point looked_at;
  int eager = eager_looks;
  std::size_t odd_ones_from = 0;  // of the threads, for what is given away next
  bool stopped = false;
};

AccountSpread::AccountSpread(Gateway& gateway) : state_(std::make_shared<State>(gateway)) {
  state_->look();
}

AccountSpread::~AccountSpread() {
  state_->stopped = true;
  state_->timer.cancel();
  state_->leave();
}

}  // namespace server
