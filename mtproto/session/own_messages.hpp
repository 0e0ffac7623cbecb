// Service messages that the session wrote for itself and that the server has not confirmed yet: a
// wrong salt or number takes them along, and then they have to be said again.
#pragma once

#include <vector>

#include "mtproto/ids.hpp"

namespace mtproto {

struct OwnMessage {
  enum class Kind : std::uint8_t { acks, ping, salts, states, resend, answers, drop, reply };

  Kind kind = Kind::acks;
  MessageId id;
  MessageId container;
  SessionId session;
  std::vector<MessageId> about;

  MessageId outer() const { return container.value() != 0 ? container : id; }
};

class OwnMessages {
 public:
  void add(OwnMessage message) {
    // Acks are never confirmed: the oldest count as heard.
    if (messages_.size() == most) messages_.erase(messages_.begin());
    messages_.push_back(std::move(message));
  }
  void contained(MessageId message, MessageId container) {
    for (auto& it : messages_) {
      if (it.id == message) it.container = container;
    }
  }
  // Takes out what was written as this message, or inside this container.
  std::vector<OwnMessage> take(MessageId message) {
    return take_if([&](const auto& it) { return it.id == message || it.container == message; });
  }
  std::vector<OwnMessage> take_before(MessageId first) {
    return take_if([&](const auto& it) { return it.outer() < first; });
  }

 private:
  static constexpr std::size_t most = 16;

  template <class Wanted>
  std::vector<OwnMessage> take_if(Wanted wanted) {
    std::vector<OwnMessage> out;
    std::erase_if(messages_, [&](auto& it) {
      if (!wanted(it)) return false;
      out.push_back(std::move(it));
      return true;
    });
    return out;
  }

  std::vector<OwnMessage> messages_;
};

}  // namespace mtproto
