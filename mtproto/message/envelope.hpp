// An encrypted message. core.telegram.org/mtproto/description#encrypted-message
//
//   auth_key_id 8 | msg_key 16 | salt 8 | session_id 8 | msg_id 8 | seqno 4 | length 4 | body
//   | 12..
//                              └────────────── AES-256-IGE, a multiple of 16
//                              ──────────────────────┘
//
// open() looks at nothing of the plaintext before msg_key was compared over all of it.
#pragma once

#include <optional>

#include "mtproto/crypto/auth_key.hpp"
#include "mtproto/errc.hpp"
#include "tl/random.hpp"
#include "tl/result.hpp"
#include "tl/slice.hpp"

namespace mtproto {

struct MessageHead {
  std::uint64_t salt = 0;
  SessionId session;
  MessageId id;
  std::uint32_t seqno = 0;
};

struct Opened {
  MessageHead head;
  std::uint32_t quick_ack = 0;  // the token to send where a quick acknowledgement was asked for
  tl::Slice packet;             // decrypted in place
  std::size_t body_size = 0;

  ByteView body() const;
};

// Appends the packet to `out`. The padding is the least that is allowed, 12 to 27 random bytes:
// who wants lengths hidden takes the padded framing, everybody else would only pay for it.
void seal(const AuthKey&, Side from, const MessageHead&, ByteView body, tl::Random&, Bytes& out);

// The auth_key_id that a packet names; 0 is an unencrypted message (or too short for either).
AuthKeyId named_key(ByteView packet);

// `padded`: the framing may have left up to 15 bytes behind the last block.
// packet_too_short, packet_bad_length, wrong_auth_key, bad_msg_key, bad_message_length,
// bad_padding.
tl::Result<Opened> open(const AuthKey&, Side from, tl::Slice packet, bool padded);

// What a client asks of a head after that: wrong_session, bad_message_id (a server's are odd).
tl::Result<void> check_from_server(const MessageHead&, SessionId session);

// What a server says in four bytes where it can't say it in a message: −404, −429, −444. None where
// the packet is no such thing.
std::optional<std::int32_t> transport_error(ByteView packet, bool padded);
boost::system::error_code transport_error_code(std::int32_t code);

}  // namespace mtproto
