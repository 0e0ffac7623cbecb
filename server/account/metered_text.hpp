// Room for the JSON text of an answer: as much as is left under --max-memory, and never more than a
// client could be sent.
#pragma once

#include "server/metering/memory_meter.hpp"
#include "server/protocol/failure.hpp"
#include "tl/codec.hpp"

namespace server {

class MeteredText final : public tl::TextRoom {
 public:
  // A client for whom more than this waits is given up (Client::hard_limit).
  static constexpr std::size_t longest = std::size_t{60} << 20;

  // What most answers are: it finds room where there is none, as the errors do that were due
  // instead.
  static constexpr std::size_t small = std::size_t{16} << 10;

  explicit MeteredText(MemoryMeter& meter) : share_(meter) {}

  bool take(std::size_t bytes) override {
    too_long_ = bytes > longest;
    if (bytes <= small) {
      share_.resize(bytes);
      return true;
    }
    return !too_long_ && share_.try_resize(bytes);
  }
  // Why it was refused.
  Failure failure() const {
    return too_long_ ? answer_too_long(longest) : no_room_for_answer(share_.meter().limit());
  }

 private:
  MemoryShare share_;
  bool too_long_ = false;
};

}  // namespace server
