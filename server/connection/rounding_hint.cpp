#include "server/connection/rounding_hint.hpp"

namespace server {
namespace {

// Of a peer, a file or another thing that a request names: PEER_ID_INVALID, LOCATION_INVALID, …
bool refuses_what_is_named(std::string_view error) {
  return error.ends_with("_INVALID") || error.starts_with("FILE_REFERENCE_") ||
         error == "CHANNEL_PRIVATE";
}

}  // namespace

std::string RoundingHint::about(const ClientRequest& refused, const account::RpcError& error) {
  const auto& rounded = refused.encoding.rounded;
  if (told_ || !rounded || refused.notation != tl::Notation::classic ||
      !refuses_what_is_named(error.message) || given_.may_hold(rounded->value)) {
    return {};
  }
  told_ = true;
  return "`" + rounded->field + "` " + std::to_string(rounded->value) +
         " was not given so on this connection, and looks as if its last digits were lost in a "
         "double, as many JSON libraries hold numbers: "
         R"({"options":{"json":"plain"}} gives longs as strings)";
}

}  // namespace server
