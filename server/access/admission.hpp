// Whether somebody who showed a token (or none) is let in, where the gateway wants one. Counts the
// wrong ones of an address.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/failure.hpp"
#include "server/peer.hpp"

namespace server {
class Gateway;
}

namespace server::access {

struct Admission {
  bool admitted = false;
  bool paused = false;  // too many wrong ones came from there
  std::string name;     // whose token it was; empty where none is wanted
  Failure failure;      // "Unauthorized"
};

Admission admit(Gateway&, const Peer&, std::optional<std::string_view> token);

}  // namespace server::access
