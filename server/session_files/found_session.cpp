#include "server/session_files/found_session.hpp"

#include <algorithm>

namespace server::session_files {

std::optional<mtproto::AuthKey> auth_key_of(tl::ByteView bytes) {
  constexpr auto size = mtproto::AuthKey::size;
  if (bytes.size() != size) return {};
  if (std::ranges::all_of(bytes, [](auto byte) { return byte == 0; })) return {};
  return mtproto::AuthKey(std::span<const std::uint8_t, size>(bytes));
}

std::optional<mtproto::DcId> dc_of(std::optional<std::int64_t> number) {
  if (!number || *number < 1 || *number > mtproto::highest_dc) return {};
  return mtproto::DcId(static_cast<std::int32_t>(*number));
}

std::string no_key_yet(const std::string& library) {
  return "there is no key in it: " + library + " has not signed in with it yet";
}

std::string nobody_signed_in(const std::string& library) {
  return library + " has a key in it, but nobody is signed in by that";
}

std::string default_dc_note(const std::string& library, mtproto::DcId dc) {
  return "It does not say which data centre is home, so it is " + library + "'s own default, " +
         std::to_string(dc.value()) + ".";
}

}  // namespace server::session_files
