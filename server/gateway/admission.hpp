// Whether somebody who showed a token (or none) is let in, where the gateway wants one. Counts the
// wrong ones of an address.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mtproto/time.hpp"
#include "server/access/peer.hpp"
#include "server/access/token_file.hpp"
#include "server/protocol/failure.hpp"

namespace server {
class Gateway;
}

namespace server::access {

// For that, from the first byte on, or from the beginning for who is not on this machine.
inline constexpr mtproto::Duration time_to_show_token = std::chrono::seconds(30);
// A browser opens a connection and holds it while it asks its user whether a page may use it.
inline constexpr mtproto::Duration time_of_silence = std::chrono::minutes(10);

struct Admission {
  bool admitted = false;
  mtproto::Duration wait{};  // until its refusal is told
  TokenOwner owner;          // of the token; nobody where none is wanted
  Failure failure;           // "Unauthorized"
};

Admission admit(Gateway&, const Peer&, std::optional<std::string_view> token);

Failure no_token_in_time();

}  // namespace server::access
