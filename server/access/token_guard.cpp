#include "server/access/token_guard.hpp"

#include <algorithm>

namespace server::access {

using mtproto::Duration;

TokenGuard::Entry& TokenGuard::entry(const Network& network) {
  if (const auto found = by_network_.find(network); found != by_network_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return entries_.front();
  }
  if (entries_.size() >= most_networks) {
    by_network_.erase(entries_.back().network);
    entries_.pop_back();
  }
  entries_.push_front({network, {}});
  by_network_[network] = entries_.begin();
  return entries_.front();
}

Duration TokenGuard::wrong(const boost::asio::ip::address& address, mtproto::Time now) {
  const std::lock_guard lock(mutex_);
  auto& forgiven = entry(network_of(address)).forgiven;
  constexpr auto most = at_once * pace + longest_wait;
  forgiven = std::min(std::max(forgiven, now) + pace, now + most);
  return std::max(forgiven - now - at_once * pace, Duration::zero());
}

}  // namespace server::access
