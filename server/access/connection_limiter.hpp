// How many connections each address has, so that one of them can't have all; an IPv6 address counts
// by its /64. Who is on this machine is not counted. Safe from any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "server/access/network.hpp"
#include "server/access/peer.hpp"

namespace server::access {

// One among those of an address, as long as somebody holds it; empty for who is not counted.
using ConnectionSlot = std::shared_ptr<const void>;

class ConnectionLimiter {
 public:
  // 0: any number.
  explicit ConnectionLimiter(unsigned most) : most_(most) {}

  // None where there are enough from there already. This outlives the places.
  std::optional<ConnectionSlot> enter(const Peer& peer);

 private:
  void leave(const Network& network);

  const unsigned most_;
  std::mutex mutex_;
  std::map<Network, unsigned> counts_;
};

}  // namespace server::access
