// Messages on their way into one packet: one stands alone, several make a container.
#pragma once

#include <vector>

#include "mtproto/message/container.hpp"
#include "tl/shared_bytes.hpp"
#include "tl/spare_room.hpp"

namespace mtproto {

class Batch {
 public:
  // Smaller than the protocol allows: a lost or refused packet costs less.
  static constexpr std::size_t most_messages = 1000;
  static constexpr std::size_t most_bytes = std::size_t{32} << 10;

  struct Item {
    MessageId id;
    std::uint32_t seqno = 0;
    tl::ByteView body;
    tl::Bytes owned;         // where nobody else keeps it …
    tl::SharedBytes shared;  // … or may let go of it
  };

  bool fits(tl::ByteView body) const {
    return items_.empty() || (items_.size() < most_messages && bytes_ + body.size() <= most_bytes);
  }
  // `body` outlives the batch.
  void add(MessageId id, std::uint32_t seqno, tl::ByteView body) {
    bytes_ += body.size() + inner_message_head;
    tl::lend_room(items_);
    items_.push_back({id, seqno, body, {}, {}});
  }
  void add_owned(MessageId id, std::uint32_t seqno, tl::Bytes body) {
    add(id, seqno, body);
    items_.back().owned = std::move(body);
  }
  void add_shared(MessageId id, std::uint32_t seqno, tl::SharedBytes body) {
    add(id, seqno, body);
    items_.back().shared = std::move(body);
  }
  void clear() {
    tl::give_room_back(items_, few);
    bytes_ = 0;
  }
  const std::vector<Item>& items() const { return items_; }
  tl::Bytes container() const {
    std::vector<InnerMessage> messages;
    messages.reserve(items_.size());
    for (const auto& item : items_) messages.push_back({item.id, item.seqno, item.body});
    tl::Bytes out;
    out.reserve(8 + bytes_);
    write_container(messages, out);
    return out;
  }

 private:
  static constexpr std::size_t few = 4;

  std::vector<Item> items_;
  std::size_t bytes_ = 0;
};

}  // namespace mtproto
