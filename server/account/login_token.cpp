#include "server/account/login_token.hpp"

#include <algorithm>

#include "tl/base64.hpp"
#include "tl/reader.hpp"

namespace server::account {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t update_short_id = 0x78d4dec1;
constexpr std::uint32_t update_login_token_id = 0x564fe691;
// A fresh code has to be drawn and looked at before the old one is void.
constexpr mtproto::Duration ahead = 3s;
// Whatever the clocks say, neither a storm of calls nor a code that stays void for long.
constexpr mtproto::Duration shortest = 2s;
constexpr mtproto::Duration longest = 60s;

}  // namespace

std::string login_url(tl::ByteView token) {
  std::string text;
  tl::append_base64(token, text);
  while (text.ends_with('=')) text.pop_back();
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return "tg://login?token=" + text;
}

mtproto::Duration next_token_in(std::int64_t expires, mtproto::UnixTime server_time) {
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(server_time.time_since_epoch());
  const auto seconds = std::clamp<std::int64_t>(expires, now.count(), now.count() + 3600);
  const mtproto::UnixTime until{std::chrono::seconds(seconds)};
  return std::clamp<mtproto::Duration>(until - server_time - ahead, shortest, longest);
}

bool tells_of_login_token(tl::ByteView pushed) {
  tl::Reader in(pushed);
  return in.nat() == update_short_id && in.nat() == update_login_token_id && in;
}

}  // namespace server::account
