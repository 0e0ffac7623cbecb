#include "server/access/crowd.hpp"

namespace server::access {

std::optional<Place> Crowd::enter(const Peer& peer) {
  if (most_ == 0 || peer.near()) return Place();
  const auto network = network_of(peer.address);
  {
    const std::lock_guard lock(mutex_);
    auto& count = counts_[network];
    if (count >= most_) return std::nullopt;
    ++count;
  }
  return Place(this, [network](Crowd* crowd) { crowd->leave(network); });
}

void Crowd::leave(const Network& network) {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(network);
  if (--found->second == 0) counts_.erase(found);
}

}  // namespace server::access
