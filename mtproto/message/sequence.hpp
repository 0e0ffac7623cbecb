// Sequence numbers of one session: twice the content messages before it, plus one if the message
// is content itself. core.telegram.org/mtproto/description#message-sequence-number-msg-seqno
#pragma once

#include <algorithm>
#include <cstdint>

namespace mtproto {

class Sequence {
 public:
  Sequence() = default;
  explicit Sequence(std::uint32_t last) : last_(last), content_((last + 1) / 2) {}

  std::uint32_t next(bool content) {
    const auto seqno = content_ * 2 + (content ? 1 : 0);
    if (content) ++content_;
    last_ = std::max(last_, seqno);
    return seqno;
  }
  // A number that somebody else chose was used.
  void used(std::uint32_t seqno) {
    if (seqno > last_) *this = Sequence(seqno);
  }
  // The highest number used.
  std::uint32_t last() const { return last_; }

 private:
  std::uint32_t last_ = 0;
  std::uint32_t content_ = 0;
};

}  // namespace mtproto
