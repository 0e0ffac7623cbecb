// Requests that nobody waits for any more and that may still be carried out: what was to come after
// them still does.
#pragma once

#include <optional>
#include <vector>

#include "mtproto/ids.hpp"

namespace mtproto {

class ForgottenRequests {
 public:
  void add(RequestId request, MessageId message, SessionId session) {
    if (entries_.size() == most) entries_.erase(entries_.begin());
    entries_.push_back({request, message, session});
  }
  // The message that it was last written as, in this session.
  std::optional<MessageId> find(RequestId request, SessionId session) const {
    for (const auto& it : entries_) {
      if (it.request == request && it.session == session) return it.message;
    }
    return {};
  }

 private:
  static constexpr std::size_t most = 64;

  struct Entry {
    RequestId request;
    MessageId message;
    SessionId session;
  };
  std::vector<Entry> entries_;  // an empty deque has half a kilobyte
};

}  // namespace mtproto
