#include "server/access/connection_limiter.hpp"

namespace server::access {

std::optional<ConnectionSlot> ConnectionLimiter::enter(const Peer& peer) {
  if (most_ == 0 || peer.near()) return ConnectionSlot();
  const auto network = network_of(peer.address);
  {
    const std::lock_guard lock(mutex_);
    auto& count = counts_[network];
    if (count >= most_) return std::nullopt;
    ++count;
  }
  return ConnectionSlot(this, [network](ConnectionLimiter* limiter) { limiter->leave(network); });
}

void ConnectionLimiter::leave(const Network& network) {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(network);
  if (--found->second == 0) counts_.erase(found);
}

}  // namespace server::access
