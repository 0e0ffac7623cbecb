// A client's `message` into TL bytes; of a large one that takes longer than others of its thread can
// wait, so it is done on the pool.
#pragma once

#include <memory>
#include <string>

#include "mtproto/work.hpp"
#include "server/account/peer_names.hpp"
#include "server/metering/memory_meter.hpp"
#include "tl/codec.hpp"

namespace server {

// All that is looked at in a message: whoever has this need not go through it again.
struct EncodedMessage {
  tl::Result<tl::Encoding, tl::Problem> encoding;
  tl::Bytes body;
  tl::Value seqno;   // `_seqno`, or null
  std::string name;  // of its constructor, or empty
};

// Bytes of the heap that an encoding holds.
std::size_t heap_size(const tl::Encoding&);

// `body` gives its room.
EncodedMessage encode_message(const tl::Schema&, const tl::Value& message, tl::EncodeOptions,
                              tl::Bytes body);

class EncodeWork final : public mtproto::Work {
 public:
  struct Message {
    std::shared_ptr<const tl::Schema> schema;
    std::unique_ptr<RequestArena> arena;  // of `value`
    tl::Value value;
    bool ignore_unknown = false;
    account::PeerNames names;
  };

  // So many bytes a message of that size may become.
  static std::size_t room(const RequestArena& arena);

  // `share`: of room() bytes.
  EncodeWork(Message message, MemoryShare share);
  void run() override;

  std::unique_ptr<RequestArena> take_arena() { return std::move(message_.arena); }
  std::unique_ptr<EncodedMessage> take_encoded() { return std::move(encoded_); }

 private:
  Message message_;
  MemoryShare share_;
  std::unique_ptr<EncodedMessage> encoded_;
};

}  // namespace server
