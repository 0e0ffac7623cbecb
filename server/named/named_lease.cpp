// A named account on a store that several nodes share: it is this node's while its lease is.
#include <utility>

#include "server/logs/logger.hpp"
#include "server/named/named_account.hpp"

namespace server::named {

using store::StoreErrc;
using upstream::boot_time;

const store::LeaseMark& NamedAccount::mark() const {
  static const store::LeaseMark none;
  return lease_ ? lease_->mark() : none;
}

void NamedAccount::want_lease() {
  retry_at_.reset();
  cluster::LeaseWish wish;
  wish.account = name_;
  wish.executor = services_.accounts.services().executor;
  wish.then = [weak = weak_from_this()](const cluster::LeasePointer& lease,
                                        const cluster::LeaseRefusal& refusal) {
    if (const auto self = weak.lock()) self->on_lease(lease, refusal);
  };
  wish.lost = [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->lose_lease();
  };
  ticket_ = services_.leases->want(std::move(wish));
}

void NamedAccount::on_lease(cluster::LeasePointer lease, const cluster::LeaseRefusal& refusal) {
  if (state_ != State::loading && state_ != State::away) return;
  const auto self = shared_from_this();
  owner_url_ = refusal.owner.url;
  if (lease != nullptr && !lease->over(boot_time())) {
    lease_ = std::move(lease);
    state_ = State::loading;
    return load_record();
  }
  auto error = refusal.error;
  if (lease != nullptr) {
    services_.leases->let_go(name_, ticket_);
    error = {StoreErrc::unavailable, "its lease came too late"};
  }
  ticket_ = 0;
  if (!refusal.owner.url.empty()) error.text += ": " + refusal.owner.url;
  if (users_.empty()) {
    fail(std::move(error));
  } else {
    go_away(std::move(error), boot_time());
  }
  settle();
}

// Called in any state: the one who noticed it first was this thread, or the one that renews.
void NamedAccount::lose_lease() {
  if (lease_ == nullptr || state_ == State::gone) return;
  const auto self = shared_from_this();
  const auto now = boot_time();
  logs::warn("account={} is left to others: its lease is lost", name_);
  // What its users ask from here on is refused.
  state_ = State::away;
  error_ = {StoreErrc::unavailable, "the lease of account " + name_ + " was lost"};
  stop_webhooks();
  journal_->break_off();
  code_.stop();
  each_user([&](NamedUser& user) { user.on_leaving("the lease of the account was lost", now); });
  handle_.reset();
  const bool stepping = step_ != nullptr && !storing_;
  if (signin_->under_way()) signin_->late({});
  signin_->reset();
  go_away(error_, now);
  if (!users_.empty()) enter({});
  each_user([&](NamedUser& user) { user.on_moved(now); });
  stepping ? fail_step(error_, now) : settle();
}

// Nothing is done in its name until there is a lease again.
void NamedAccount::go_away(store::StoreError why, mtproto::Time now) {
  state_ = State::away;
  error_ = std::move(why);
  stored_key_.reset();
  signed_out_ = false;
  give_lease_back(false);
  retry_at_ = now + retry_after;
  arm();
}

// `written`: behind what is on its way into the store, which names it.
void NamedAccount::give_lease_back(bool written) {
  lease_.reset();
  const auto ticket = std::exchange(ticket_, 0);
  if (ticket == 0) return;
  auto* const leases = services_.leases;
  if (!written) return leases->let_go(name_, ticket);
  auto nothing = [](store::AccountStore&) -> store::StoreResult<int> { return 0; };
  auto done = [leases, name = name_, ticket](const store::StoreResult<int>&) {
    leases->let_go(name, ticket);
  };
  services_.store.post(services_.accounts.services().executor, std::move(nothing), std::move(done));
}

}  // namespace server::named
