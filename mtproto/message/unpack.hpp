// A decrypted message laid flat: containers opened, gzip undone (also that of an rpc_result's
// result), so that who handles messages sees neither.
#pragma once

#include <list>
#include <vector>

#include "mtproto/message/envelope.hpp"

namespace mtproto {

struct Message {
  MessageId id;
  std::uint32_t seqno = 0;
  ByteView body;  // into Incoming
  bool content() const { return seqno % 2 == 1; }
};

struct Incoming {
  AuthKeyId key;
  MessageHead head;
  std::uint32_t quick_ack = 0;
  bool wants_quick_ack = false;
  bool container = false;
  bool bad_container = false;  // then there are no messages
  std::vector<Message> messages;
  // What the bodies view into.
  tl::Slice packet;
  std::list<Bytes> unpacked;

  // What `part` of a body holds. Where that is much, the buffer in which it lies goes with it: no
  // body is good for anything afterwards.
  tl::Slice spend(ByteView part);
};

// gzip may unpack to `max_unpacked` bytes in all, and stand in gzip once. A gzip_packed that is
// broken or too long stays as it is (a large one by its beginning): one bad body harms no other, and
// whoever asked for it is told.
Incoming unpack(Opened opened, AuthKeyId key, std::size_t max_unpacked);

}  // namespace mtproto
