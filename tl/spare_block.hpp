// The memory of an object that is made and goes with each message: who gives it back leaves it to the
// next of its kind in the thread. So nobody allocates for a message, and an idle connection holds
// nothing. (tl/spare_room.hpp does that for buffers.)
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace tl {

// One block; an instance for each kind and thread.
class SpareBlock {
 public:
  SpareBlock() = default;
  SpareBlock(const SpareBlock&) = delete;
  SpareBlock& operator=(const SpareBlock&) = delete;
  ~SpareBlock() { ::operator delete(at_); }

  void* take(std::size_t size) {
    if (size == size_ && at_ != nullptr) return std::exchange(at_, nullptr);
    return ::operator new(size);
  }
  void give_back(void* at, std::size_t size) {
    ::operator delete(std::exchange(at_, at));
    size_ = size;
  }

 private:
  void* at_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace tl
