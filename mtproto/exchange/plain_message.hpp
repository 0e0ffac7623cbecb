// A message before there is a key. core.telegram.org/mtproto/description#unencrypted-message
//
//   | auth_key_id = 0: 8 | msg_id: 8 | length: 4 | body, and perhaps more within length | padding |
#pragma once

#include "mtproto/errc.hpp"
#include "mtproto/ids.hpp"
#include "tl/bytes.hpp"
#include "tl/result.hpp"

namespace mtproto {

inline constexpr std::size_t plain_message_head = 20;

struct PlainMessage {
  MessageId id;
  tl::ByteView body;  // points into the packet; real servers append bytes behind the object
};

// errc::packet_too_short, wrong_auth_key, bad_message_length. What stands behind `length` bytes
// (a transport's padding) is ignored.
tl::Result<PlainMessage> parse_plain_message(tl::ByteView packet);
void write_plain_message(MessageId, tl::ByteView body, tl::Bytes& out);

}  // namespace mtproto
