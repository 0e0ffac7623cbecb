#include "server/gateway/admission.hpp"

#include "server/logs/logger.hpp"

#include "server/gateway/gateway.hpp"
#include "server/upstream/pump.hpp"

namespace server::access {
namespace {

Failure unauthorized(std::string text) { return {"Unauthorized", std::move(text), {}, {}, {}}; }

}  // namespace

Admission admit(Gateway& gateway, const Peer& peer, std::optional<std::string_view> token) {
  const auto tokens = gateway.tokens();
  if (!tokens) return {true, {}, {}, {}};
  if (!token) {
    return {false,
            {},
            {},
            unauthorized("a token is wanted: `token` in the first object, or Authorization: "
                         "Bearer over HTTP")};
  }
  if (auto owner = tokens->owner_of(*token)) return {true, {}, std::move(*owner), {}};
  const auto now = upstream::boot_time();
  logs::strangers_warn(logs::StrangersLine::wrong_token, "a wrong token from {}", shown(peer));
  return {false, gateway.guard.wrong(peer.address, now), {}, unauthorized("the token is wrong")};
}

Failure no_token_in_time() { return unauthorized("no token was shown within 30 seconds"); }

}  // namespace server::access
