#include "server/gateway/unowned_accounts.hpp"

#include <boost/asio/steady_timer.hpp>
#include <string>
#include <vector>

#include "server/gateway/gateway.hpp"

namespace server {

namespace asio = boost::asio;

struct UnownedAccounts::State : std::enable_shared_from_this<State> {
  explicit State(Gateway& of) : gateway(of), timer(of.threads.front()->executor) {}

  void look() {
    looked_at = asio::steady_timer::clock_type::now();
    auto work = [](store::AccountStore& store) { return store.leases().unowned(batch); };
    auto done = [weak =
                     weak_from_this()](const store::StoreResult<std::vector<std::string>>& names) {
      if (const auto self = weak.lock()) self->open(names);
    };
    gateway.store->post(timer.get_executor(), std::move(work), std::move(done));
  }

  void open(const store::StoreResult<std::vector<std::string>>& names) {
    if (stopped) return;
    const std::size_t count = names ? names->size() : 0;
    for (std::size_t i = 0; i < count; ++i) {
      in_thread_of(gateway, (*names)[i],
                   [](auto& accounts, const std::string& name) { accounts.open_unasked(name); });
    }
    constexpr std::chrono::milliseconds moment{500};
    timer.expires_at(looked_at + (count == batch ? moment : gateway.leases->ttl()));
    timer.async_wait([weak = weak_from_this()](boost::system::error_code failed) {
      const auto self = weak.lock();
      if (!failed && self && !self->stopped) self->look();
    });
  }

  Gateway& gateway;
  asio::steady_timer timer;
  asio::steady_timer::time_point looked_at;
  bool stopped = false;
};

UnownedAccounts::UnownedAccounts(Gateway& gateway) : state_(std::make_shared<State>(gateway)) {
  state_->look();
}

UnownedAccounts::~UnownedAccounts() {
  state_->stopped = true;
  state_->timer.cancel();
}

}  // namespace server
