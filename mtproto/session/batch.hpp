// Messages on their way into one packet: one stands alone, several make a container.
#pragma once

#include <vector>

#include "mtproto/message/container.hpp"

namespace mtproto {

class Batch {
 public:
  // Smaller than the protocol allows: a lost or refused packet costs less.
  static constexpr std::size_t most_messages = 1000;
  static constexpr std::size_t most_bytes = std::size_t{32} << 10;

  struct Item {
    MessageId id;
    std::uint32_t seqno = 0;
    tl::Bytes body;
  };

  bool fits(const tl::Bytes& body) const {
    return items_.empty() || (items_.size() < most_messages && bytes_ + body.size() <= most_bytes);
  }
  void add(MessageId id, std::uint32_t seqno, tl::Bytes body) {
    bytes_ += body.size() + inner_message_head;
    items_.push_back({id, seqno, std::move(body)});
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
  std::vector<Item> items_;
  std::size_t bytes_ = 0;
};

}  // namespace mtproto
