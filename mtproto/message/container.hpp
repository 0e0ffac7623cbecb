// Several messages in one. core.telegram.org/mtproto/service_messages#containers
//
//   msg_container 73f1f8dc | count 4 | count × ( msg_id 8 | seqno 4 | bytes 4 | body )
//
// Its own id is above those inside. No container stands inside another.
#pragma once

#include <span>
#include <vector>

#include "mtproto/errc.hpp"
#include "mtproto/ids.hpp"
#include "tl/bytes.hpp"
#include "tl/result.hpp"

namespace mtproto {

inline constexpr std::uint32_t msg_container_id = 0x73f1f8dc;
inline constexpr std::size_t max_container_messages = 1024;

struct InnerMessage {
  MessageId id;
  std::uint32_t seqno = 0;
  tl::ByteView body;
};

inline constexpr std::size_t inner_message_head = 16;

void write_container(std::span<const InnerMessage> messages, tl::Bytes& out);
// bad_container: more than 1024 messages, a length beyond the end or no multiple of four, or a
// container inside. Bodies view into `body`.
tl::Result<std::vector<InnerMessage>> read_container(tl::ByteView body);

}  // namespace mtproto
