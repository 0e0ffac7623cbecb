// A buffer to read to that is asked for only once there is something to put there: a sequence of one
// buffer, as Asio and Beast take them. What waits to read for as long as a connection is idle holds
// none meanwhile.
#pragma once

#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <iterator>
#include <utility>

namespace server::channel {

// `Owner` has buffer(), which gives the same one until it was read to. It outlives the reading.
template <class Owner>
class LateBuffer {
 public:
  class const_iterator {
   public:
    using value_type = boost::asio::mutable_buffer;
    using reference = value_type;
    using pointer = const value_type*;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::bidirectional_iterator_tag;

    const_iterator() = default;
    const_iterator(Owner& owner, bool behind) : owner_(&owner), behind_(behind) {}

    value_type operator*() const { return owner_->buffer(); }
    const_iterator& operator++() { return step(true); }
    const_iterator& operator--() { return step(false); }
    const_iterator operator++(int) { return std::exchange(*this, const_iterator(*owner_, true)); }
    const_iterator operator--(int) { return std::exchange(*this, const_iterator(*owner_, false)); }
    bool operator==(const const_iterator&) const = default;

   private:
    const_iterator& step(bool behind) {
      behind_ = behind;
      return *this;
    }

    Owner* owner_ = nullptr;
    bool behind_ = false;
  };
  using value_type = boost::asio::mutable_buffer;

  explicit LateBuffer(Owner& owner) : owner_(&owner) {}
  const_iterator begin() const { return {*owner_, false}; }
  const_iterator end() const { return {*owner_, true}; }

 private:
  Owner* owner_;
};

}  // namespace server::channel
