#include "server/access/admission.hpp"

#include <spdlog/spdlog.h>

#include "server/gateway.hpp"
#include "server/upstream/pump.hpp"

namespace server::access {
namespace {

Admission refused(std::string text, bool paused = false) {
  return {false, paused, {}, {"Unauthorized", std::move(text), {}, {}, {}}};
}

}  // namespace

Admission admit(Gateway& gateway, const Peer& peer, std::optional<std::string_view> token) {
  const auto tokens = gateway.tokens();
  if (!tokens) return {true, false, {}, {}};
  const auto now = upstream::boot_time();
  if (gateway.guard.paused(peer.address, now)) {
    return refused("too many wrong tokens from this address; wait a minute", true);
  }
  if (!token) {
    return refused(
        "a token is wanted: `token` in the first object, or Authorization: Bearer over HTTP");
  }
  if (auto name = tokens->name_of(*token)) return {true, false, std::move(*name), {}};
  gateway.guard.wrong(peer.address, now);
  spdlog::warn("a wrong token from {}",
               peer.local_socket ? "a local socket" : peer.address.to_string());
  return refused("the token is wrong");
}

}  // namespace server::access
