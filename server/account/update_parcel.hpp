// A TL object that is kept beyond the call that brought it, in an arena of its own. All parcels of
// one recovery count their bytes on one meter, so that what waits can be bounded.
#pragma once

#include <cstddef>
#include <memory>
#include <memory_resource>

#include "tl/value.hpp"

namespace server::account {

using UpdateMeter = std::shared_ptr<std::size_t>;

class UpdateParcel {
 public:
  explicit UpdateParcel(UpdateMeter meter) : source_(std::move(meter)), arena_(512, &source_) {}

  tl::Arena& arena() { return arena_; }

  tl::Value value;
  std::shared_ptr<const UpdateParcel> base;  // where parts of `value` live, if not here

 private:
  class Source final : public std::pmr::memory_resource {
   public:
    explicit Source(UpdateMeter meter) : meter_(std::move(meter)) {}

   private:
    void* do_allocate(std::size_t size, std::size_t alignment) override {
      *meter_ += size;
      return std::pmr::new_delete_resource()->allocate(size, alignment);
    }
    void do_deallocate(void* at, std::size_t size, std::size_t alignment) override {
      *meter_ -= size;
      std::pmr::new_delete_resource()->deallocate(at, size, alignment);
    }
    bool do_is_equal(const memory_resource& other) const noexcept override {
      return this == &other;
    }
    UpdateMeter meter_;
  };

  Source source_;
  std::pmr::monotonic_buffer_resource arena_;
};

using UpdateParcelPtr = std::shared_ptr<const UpdateParcel>;

}  // namespace server::account
