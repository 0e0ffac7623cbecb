#include "server/cluster/lease_keeper.hpp"

#include <algorithm>

namespace server::cluster {
namespace {

using store::StoreErrc;

LeaseRefusal unavailable(std::string text) {
  return {{StoreErrc::unavailable, std::move(text)}, {}};
}

LeaseRefusal elsewhere(const std::string& account, const store::LeaseNode& owner) {
  return {{StoreErrc::account_elsewhere, "another node has account " + account}, owner};
}

}  // namespace

LeaseKeeper::LeaseKeeper(Duration ttl, LeaseStatements& statements, LeaseUser& user)
    : ttl_(ttl), statements_(statements), user_(user) {}

// --- what its users want ---

void LeaseKeeper::want(const std::string& account, Time now) {
  expire(now);
  if (stopped_) return user_.on_no_lease(account, unavailable("this node is stopping"));
  const auto [place, added] = entries_.try_emplace(account);
  if (!added) return;
  auto& entry = place->second;
  entry.number = ++numbers_;
  entry.sent = now;
  entry.until = until(now);
  count(entry.until);
  statements_.take(entry.number, account);
}

void LeaseKeeper::let_go(const std::string& account, Time now) {
  expire(now);
  const auto found = entries_.find(account);
  if (found == entries_.end()) return;
  const auto entry = found->second;
  entries_.erase(found);
  if (entry.state == State::held) --held_;
  if (entry.state != State::wanted && !stopped_) statements_.give_back({{account, entry.epoch}});
}

void LeaseKeeper::stop() {
  if (std::exchange(stopped_, true)) return;
  entries_.clear();
  held_ = 0;
  earliest_ = Time::max();
  statements_.give_back_all();
}

// --- what the table says ---

void LeaseKeeper::on_taken(std::uint64_t number, const std::string& account,
                           const store::StoreResult<store::LeaseOffer>& offer, Time now) {
  expire(now);
  const bool ours = offer && offer->epoch != 0;
  const auto found = entries_.find(account);
  const bool wanted = found != entries_.end() && found->second.state == State::wanted &&
                      found->second.number == number;
  if (!wanted) {
    // It came too late, or nobody wants it any more.
    if (ours && !stopped_) statements_.give_back({{account, offer->epoch}});
    return;
  }
  auto& entry = found->second;
  if (!ours) {
    const auto refusal = offer ? elsewhere(account, offer->other) : LeaseRefusal{offer.error(), {}};
    entries_.erase(found);
    return user_.on_no_lease(account, refusal);
  }
  entry.state = State::held;
  entry.epoch = offer->epoch;
  entry.number = numbers_;
  ++held_;
  renewal_due_ = std::min(renewal_due_, entry.sent + ttl_ / 3);
  user_.on_lease(account, entry.epoch, entry.until);
}

void LeaseKeeper::on_renewed(std::uint64_t number,
                             const store::StoreResult<std::vector<store::Lease>>& leases,
                             Time now) {
  expire(now);
  const auto renewal = renewals_.extract(number);
  if (renewal.empty()) return;
  if (!leases) {
    renewal_due_ = std::min(renewal_due_, now + ttl_ / 12);
    return;
  }
  std::map<std::string, std::int64_t> listed;
  std::vector<store::Lease> of_nobody;
  for (const auto& lease : *leases) {
    const auto found = entries_.find(lease.account);
    if (found == entries_.end()) of_nobody.push_back(lease);
    listed.emplace(lease.account, lease.epoch);
  }
  if (!of_nobody.empty() && !stopped_) statements_.give_back(std::move(of_nobody));
  earliest_ = Time::max();
  std::vector<std::string> lost;
  for (auto& [account, entry] : entries_) {
    if (entry.state == State::held) {
      const auto there = listed.find(account);
      if (there != listed.end() && there->second == entry.epoch) {
        entry.until = std::max(entry.until, until(renewal.mapped()));
        user_.on_lease_renewed(account, entry.until);
      } else if (entry.number < number) {  // it was ours before that was asked
        lost.push_back(account);
      }
    }
    if (entry.state != State::lost) count(entry.until);
  }
  for (const auto& account : lost) lose(account);
}

// --- time ---

// Its user may let go of it, and of others, and want some again.
void LeaseKeeper::lose(const std::string& account) {
  const auto found = entries_.find(account);
  if (found == entries_.end() || found->second.state != State::held) return;
  found->second.state = State::lost;
  --held_;
  user_.on_lease_lost(account);
}

void LeaseKeeper::expire(Time now) {
  if (now < earliest_) return;
  earliest_ = Time::max();
  std::vector<std::string> over;
  for (const auto& [account, entry] : entries_) {
    if (entry.state == State::lost) continue;
    entry.until <= now ? over.push_back(account) : count(entry.until);
  }
  for (const auto& account : over) {
    const auto found = entries_.find(account);
    if (found == entries_.end() || found->second.until > now) continue;
    if (found->second.state != State::wanted) {
      lose(account);
      continue;
    }
    entries_.erase(found);
    user_.on_no_lease(account, unavailable("the store did not answer in time"));
  }
}

void LeaseKeeper::renew(Time now) {
  std::erase_if(renewals_, [&](const auto& one) { return one.second + ttl_ < now; });
  renewal_due_ = held_ > 0 ? now + ttl_ / 3 : Time::max();
  if (held_ == 0) return;
  const auto number = ++numbers_;
  renewals_.emplace(number, now);
  statements_.renew(number);
}

void LeaseKeeper::tick(Time now) {
  expire(now);
  if (renewal_due_ <= now && !stopped_) renew(now);
}

std::optional<LeaseKeeper::Time> LeaseKeeper::deadline() const {
  const auto due = stopped_ ? earliest_ : std::min(earliest_, renewal_due_);
  if (due == Time::max()) return std::nullopt;
  return due;
}

}  // namespace server::cluster
