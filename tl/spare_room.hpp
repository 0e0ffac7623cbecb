// The room of small buffers between two messages: a buffer that is empty gives it to its thread, and
// the next that is written, whoever's it is, has it from there. So nobody allocates for a message,
// and an idle connection holds nothing.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

namespace tl {

template <class Buffer>
class SpareRoom {
 public:
  // To a buffer that has none, and nothing in it: a short string needs no room.
  static void lend(Buffer& to) {
    auto& mine = of_this_thread();
    if (mine.count_ > 0 && to.empty() && to.capacity() == Buffer().capacity()) {
      to.swap(mine.buffers_[--mine.count_]);
    }
  }
  // Empties it; what is larger than `most`, and what there is no place for, goes.
  static void give_back(Buffer& from, std::size_t most) {
    from.clear();
    if (from.capacity() == Buffer().capacity()) return;
    auto& mine = of_this_thread();
    if (from.capacity() <= most && mine.count_ < mine.buffers_.size()) {
      from.swap(mine.buffers_[mine.count_++]);
    }
    Buffer().swap(from);
  }

 private:
  static SpareRoom& of_this_thread() {
    thread_local SpareRoom spare;
    return spare;
  }

  std::array<Buffer, 4> buffers_;  // those behind `count_` have none
  std::size_t count_ = 0;
};

template <class Buffer>
void lend_room(Buffer& to) {
  SpareRoom<Buffer>::lend(to);
}
template <class Buffer>
void give_room_back(Buffer& from, std::size_t most) {
  SpareRoom<Buffer>::give_back(from, most);
}

}  // namespace tl
