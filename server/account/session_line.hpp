// The attribute `session`: what a client keeps of an MTProto session and pastes back. It goes through
// the JSON library of any language: no number in it is beyond 2^53, and where one comes home damaged
// all three of the session's own are not known.
//
//   {"session_id":N,"auth_key":"base64 of 256 bytes","last_seqno":N,"dc":N,"server_salt":"N",
//    "api_id":N,"user_id":N,"updates":…}
//   {"string":"…"}   what another library keeps of one, or this line as text
//   {"as":"gramjs"}  asks for such a string
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mtproto/crypto/auth_key.hpp"
#include "mtproto/ids.hpp"
#include "server/account/session_string.hpp"
#include "tl/codec.hpp"
#include "tl/result.hpp"
#include "tl/value.hpp"

namespace server::account {

struct SessionLine {
  std::optional<mtproto::AuthKey> auth_key;
  std::optional<std::uint64_t> session_id;
  std::optional<std::uint32_t> last_seqno;  // absent: unknown, so the session can't go on as it is
  std::optional<mtproto::DcId> dc;
  std::optional<std::uint64_t> server_salt;
  std::optional<std::int32_t> api_id;
  std::optional<std::int64_t> user_id;
  std::string updates;       // JSON text, kept and given back as it came; empty: none
  std::optional<bool> test;  // of the test environment; only some strings say
  std::optional<SessionFormat> as;

  // The session's own: its id, sequence number and salt.
  void forget_numbers();
  // `{}`, or nothing that we know: a question, not a setting.
  bool empty() const;
};

// What is wrong with an attribute.
struct SessionProblem {
  std::string error;  // "SessionError" or "TypeError"
  std::string path;   // below /session: "/auth_key"
  std::string text;
};

// Unknown keys are passed over, null means absent.
tl::Result<SessionLine, SessionProblem> read_session(const tl::Value& session);

// Appends the object as compact JSON; without a key {"error_message":…}. The salt is a string, and so
// is a number beyond 2^53, in plain any of 64 bits. `string`: the same for another library, if any.
void write_session(const SessionLine&, tl::Notation, std::string& out,
                   std::string_view string = {});

}  // namespace server::account
