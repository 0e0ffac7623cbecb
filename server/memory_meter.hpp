// What clients' lines, values and outboxes take of the process's memory, counted in one place
// (--max-memory). It only counts: whoever finds it full refuses.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <memory_resource>

namespace server {

class MemoryMeter {
 public:
  explicit MemoryMeter(std::size_t limit) : limit_(limit) {}

  void take(std::size_t bytes) { used_.fetch_add(bytes, std::memory_order_relaxed); }
  // False, and nothing is taken, where that would go beyond the limit.
  bool try_take(std::size_t bytes) {
    auto used = used_.load(std::memory_order_relaxed);
    do {
      if (used > limit_ || bytes > limit_ - used) return false;
    } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
    return true;
  }
  void give(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }
  std::size_t used() const { return used_.load(std::memory_order_relaxed); }
  std::size_t limit() const { return limit_; }
  bool full() const { return used() >= limit_; }

 private:
  std::atomic<std::size_t> used_ = 0;
  std::size_t limit_;
};

// Somebody's part of it, whose size changes; given back at the end.
class MemoryShare {
 public:
  explicit MemoryShare(MemoryMeter& meter) : meter_(meter) {}
  ~MemoryShare() { meter_.give(size_); }
  MemoryShare(const MemoryShare&) = delete;
  MemoryShare& operator=(const MemoryShare&) = delete;

  void resize(std::size_t size) {
    if (size > size_) meter_.take(size - size_);
    if (size < size_) meter_.give(size_ - size);
    size_ = size;
  }
  // False, and it is as large as before, where there is no room for more.
  bool try_resize(std::size_t size) {
    if (size > size_ && !meter_.try_take(size - size_)) return false;
    if (size < size_) meter_.give(size_ - size);
    size_ = size;
    return true;
  }
  std::size_t size() const { return size_; }

 private:
  MemoryMeter& meter_;
  std::size_t size_ = 0;
};

// The arena of one request's values; metered, freed as a whole.
class RequestArena {
 public:
  explicit RequestArena(MemoryMeter& meter)
      : source_(meter), arena_(first_.data(), first_.size(), &source_) {
    source_.count(sizeof *this);
  }
  ~RequestArena() { source_.count_no_more(sizeof *this); }
  RequestArena(const RequestArena&) = delete;
  RequestArena& operator=(const RequestArena&) = delete;

  std::pmr::memory_resource& memory() { return arena_; }

 private:
  class Source final : public std::pmr::memory_resource {
   public:
    explicit Source(MemoryMeter& meter) : meter_(meter) {}
    void count(std::size_t size) { meter_.take(size); }
    void count_no_more(std::size_t size) { meter_.give(size); }

   private:
    void* do_allocate(std::size_t size, std::size_t alignment) override {
      meter_.take(size);
      return std::pmr::new_delete_resource()->allocate(size, alignment);
    }
    void do_deallocate(void* at, std::size_t size, std::size_t alignment) override {
      meter_.give(size);
      std::pmr::new_delete_resource()->deallocate(at, size, alignment);
    }
    bool do_is_equal(const memory_resource& other) const noexcept override {
      return this == &other;
    }
    MemoryMeter& meter_;
  };

  // Enough for most, and small enough for the allocator's own cache.
  static constexpr std::size_t first_room = 896;

  Source source_;
  alignas(std::max_align_t) std::array<std::byte, first_room> first_;
  std::pmr::monotonic_buffer_resource arena_;
};

}  // namespace server
