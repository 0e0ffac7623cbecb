// What clients and data centres make the process hold, counted in one place (--max-memory). Who is
// about to hold more asks first, and refuses what does not fit; what is there already is counted
// without asking.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <new>
#include <utility>

namespace server {

class MemoryMeter {
 public:
  // `hands`: how many threads may be at something at the same time that takes what is left.
  explicit MemoryMeter(std::size_t limit, unsigned hands = 1)
      : limit_(limit), hands_(hands == 0 ? 1 : hands) {}

  void take(std::size_t bytes) { used_.fetch_add(bytes, std::memory_order_relaxed); }
  void give(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }
  // Takes, unless that goes past the limit.
  bool try_take(std::size_t bytes) {
    auto used = used_.load(std::memory_order_relaxed);
    do {
      if (used >= limit_ || bytes > limit_ - used) return false;
    } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
    return true;
  }
  std::size_t used() const { return used_.load(std::memory_order_relaxed); }
  std::size_t limit() const { return limit_; }
  bool full() const { return used() >= limit_; }
  // Even the little that a client takes who is told that the process is full is too much.
  bool crowded() const { return used() > limit_ + limit_ / 16; }
  // What may be taken still.
  std::size_t left() const {
    const auto now = used();
    return now < limit_ ? limit_ - now : 0;
  }
  // … by each, where it can be counted only when it is there.
  std::size_t left_for_each() const { return left() / hands_; }

 private:
  std::atomic<std::size_t> used_ = 0;
  const std::size_t limit_;
  const unsigned hands_;
};

// Somebody's part of it, whose size changes; given back at the end.
class MemoryShare {
 public:
  explicit MemoryShare(MemoryMeter& meter) : meter_(&meter) {}
  ~MemoryShare() { meter_->give(size_); }
  MemoryShare(MemoryShare&& other) noexcept
      : meter_(other.meter_), size_(std::exchange(other.size_, 0)) {}
  MemoryShare& operator=(MemoryShare&& other) noexcept {
    meter_->give(size_);
    meter_ = other.meter_;
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  // What is there is counted, whatever the limit.
  void resize(std::size_t size) {
    if (size > size_) meter_->take(size - size_);
    if (size < size_) meter_->give(size_ - size);
    size_ = size;
  }
  // False, and nothing is changed, where more than there was goes past the limit.
  bool try_resize(std::size_t size) {
    if (size > size_ && !meter_->try_take(size - size_)) return false;
    if (size < size_) meter_->give(size_ - size);
    size_ = size;
    return true;
  }
  std::size_t size() const { return size_; }
  MemoryMeter& meter() const { return *meter_; }

 private:
  MemoryMeter* meter_;
  std::size_t size_ = 0;
};

// Memory of the heap that is on the meter. While it is bounded, what goes past the limit is refused
// with std::bad_alloc, which is the only way a memory_resource has.
class MeteredMemory final : public std::pmr::memory_resource {
 public:
  explicit MeteredMemory(MemoryMeter& meter) : share_(meter) {}

  void set_bounded(bool bounded) { bounded_ = bounded; }
  void count(std::size_t size) { share_.resize(share_.size() + size); }
  std::size_t size() const { return share_.size(); }

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    const auto wanted = share_.size() + size;
    if (!bounded_) {
      share_.resize(wanted);
    } else if (!share_.try_resize(wanted)) {
      throw std::bad_alloc();
    }
    return std::pmr::new_delete_resource()->allocate(size, alignment);
  }
  void do_deallocate(void* at, std::size_t size, std::size_t alignment) override {
    share_.resize(share_.size() - size);
    std::pmr::new_delete_resource()->deallocate(at, size, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  MemoryShare share_;
  bool bounded_ = false;
};

// The arena of one request's values, freed as a whole, and the heap that it draws from.
class RequestArena {
 public:
  explicit RequestArena(MemoryMeter& meter)
      : heap_(meter), arena_(first_.data(), first_.size(), &heap_) {
    heap_.count(sizeof *this);
  }
  RequestArena(const RequestArena&) = delete;
  RequestArena& operator=(const RequestArena&) = delete;

  std::pmr::memory_resource& memory() { return arena_; }
  // For what comes and goes while the values are made.
  MeteredMemory& heap() { return heap_; }
  // Bytes that it holds.
  std::size_t size() const { return heap_.size(); }

 private:
  // Enough for most, and small enough for the allocator's own cache.
  static constexpr std::size_t first_room = 896;

  MeteredMemory heap_;
  alignas(std::max_align_t) std::array<std::byte, first_room> first_;
  std::pmr::monotonic_buffer_resource arena_;
};

}  // namespace server
