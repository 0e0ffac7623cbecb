// Sessions as other libraries write them, one line of text each.
//
//   Telethon   "1" base64url( dc 1 | address 4 or 16 | port 2 | auth_key 256 ), padded
//   GramJS     "1" base64( dc 1 | length 2 | address as text | port 2 | auth_key 256 )
//   Pyrogram   base64url( dc 1 | api_id 4 | test 1 | auth_key 256 | user_id 8 | bot 1 ), bare;
//              old ones without api_id, and with 4 bytes of user_id
//   mtcute     base64url( 3 | flags 4 | dc: bytes | [media dc: bytes] | [user_id 8 | bot 4]
//              | auth_key: bytes ), bare; numbers and bytes as TL writes them,
//              a dc is 2 | id 1 | flags 1 | address: string | port 4
//
// Numbers are big-endian but for mtcute's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mtproto/crypto/auth_key.hpp"
#include "mtproto/ids.hpp"

namespace server::account {

struct StringSession {
  mtproto::AuthKey auth_key;
  mtproto::DcId dc;
  std::optional<std::int64_t> user_id;
  std::optional<std::int32_t> api_id;
  std::optional<bool> test;  // of the test environment; most formats do not say
};

// None where `text` is in none of these formats. What can't belong there (line breaks, blanks,
// quotes) does not count.
std::optional<StringSession> read_session_string(std::string_view text);

// Of a text of which read_session_string() made nothing: what is wrong with it, in words that
// repeat nothing of it.
std::string session_string_problem(std::string_view text);

enum class SessionFormat : std::uint8_t { telethon, gramjs, mtcute };
inline constexpr std::string_view session_format_names = "telethon, gramjs, mtcute";

std::optional<SessionFormat> session_format(std::string_view name);

// Where the session's data centre is.
struct SessionPlace {
  mtproto::DcId dc;
  std::string host;  // a name or an IP address
  std::uint16_t port = 443;
  bool test = false;
};

// Telethon wants an IP address, and all of them a data centre's number below 256.
bool can_hold(SessionFormat format, const SessionPlace& place);

// Only for a place that the format can hold.
std::string write_session_string(SessionFormat format, const mtproto::AuthKey& key,
                                 const SessionPlace& place);

}  // namespace server::account
