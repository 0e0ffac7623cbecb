// auth.bindTempAuthKey: a temporary key speaks for the permanent one. core.telegram.org/api/pfs
#include "server/sandbox/methods/call.hpp"

namespace server::sandbox {
namespace {

Answer bind_temporary_key(Call& call) {
  const auto& from = call.origin;
  if (from.ring == nullptr) return bad_request("TEMP_AUTH_KEY_EMPTY");
  const auto refused =
      from.ring->bind(from.caller.session, from.message, call.query, call.world.now(), from.wall);
  if (!refused.empty()) return bad_request(std::string(refused));
  return yes();
}

}  // namespace

std::span<const Method> temporary_key_methods() {
  static constexpr Method methods[] = {
      {"auth.bindTempAuthKey", Needs::nobody, bind_temporary_key},
  };
  return methods;
}

bool may_unbound(std::string_view method) {
  return method == "auth.bindTempAuthKey" || method == "help.getConfig" ||
         method == "help.getNearestDc";
}

}  // namespace server::sandbox
