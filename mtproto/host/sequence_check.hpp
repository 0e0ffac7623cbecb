// Whether the sequence numbers of a session grow with its message ids.
// core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message
#pragma once

#include <cstdint>
#include <map>

#include "mtproto/ids.hpp"

namespace mtproto {

class SequenceCheck {
 public:
  enum class Result : std::uint8_t { fine, too_low, too_high };

  Result look(MessageId id, std::uint32_t seqno) const {
    // A content message counts itself: whoever comes later has a higher number.
    const auto least_after = [](std::uint32_t number) { return number + number % 2; };
    const auto later = numbers_.upper_bound(id);
    if (later != numbers_.begin() && seqno < least_after(std::prev(later)->second)) {
      return Result::too_low;
    }
    if (later != numbers_.end() && later->second < least_after(seqno)) return Result::too_high;
    return Result::fine;
  }
  void add(MessageId id, std::uint32_t seqno) {
    numbers_[id] = seqno;
    if (numbers_.size() > most) numbers_.erase(numbers_.begin());
  }

 private:
  static constexpr std::size_t most = 128;

  std::map<MessageId, std::uint32_t> numbers_;
};

}  // namespace mtproto
