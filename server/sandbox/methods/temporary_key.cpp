// auth.bindTempAuthKey: a temporary key speaks for the permanent one; auth.dropTempAuthKeys ends that. core.telegram.org/api/pfs
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

// The one that asks stays, too, or it would not hear the answer.
Answer drop_temporary_keys(Call& call) {
  const auto& from = call.origin;
  std::vector<mtproto::AuthKeyId> except{from.caller.session.key};
  for (const auto& id : call.args["except_auth_keys"].items()) {
    except.emplace_back(static_cast<std::uint64_t>(id.as_int64().value_or(0)));
  }
  if (from.ring != nullptr) from.ring->drop_temporary(from.caller.owner, except);
  return yes();
}

}  // namespace

std::span<const Method> temporary_key_methods() {
  static constexpr Method methods[] = {
      {"auth.bindTempAuthKey", Needs::nobody, bind_temporary_key},
      {"auth.dropTempAuthKeys", Needs::nobody, drop_temporary_keys},
  };
  return methods;
}

bool may_unbound(std::string_view method) {
  return method == "auth.bindTempAuthKey" || method == "help.getConfig" ||
         method == "help.getNearestDc";
}

}  // namespace server::sandbox
