// What comes over a link to another node, in pieces cut anywhere: a line of JSON each, an object, and
// behind those with a "size" a payload of so many bytes and a line's end. Pure; nothing is held that did
// not come.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>

#include "tl/value.hpp"

namespace server {

struct NodeFrame {
  std::unique_ptr<std::pmr::monotonic_buffer_resource> arena;  // what `header` views
  tl::Value header;
  std::string payload;
};

// An object on its way to another node: of which channel, and the how manieth on it. Its frame begins
// with both as its "id", so that where the rest can't be read, that object alone is refused.
struct ObjectNumber {
  std::uint64_t channel = 0, object = 0;

  friend bool operator==(const ObjectNumber&, const ObjectNumber&) = default;
};

// "7.3", in quotes.
std::string text_of(const ObjectNumber&);
// None: it is another id, or none.
std::optional<ObjectNumber> read_object_number(std::string_view id);

class NodeFrames {
 public:
  static constexpr std::size_t longest_header = std::size_t{64} << 10;
  static constexpr std::size_t longest_payload = std::size_t{256} << 20;

  // Bytes that are here and no frame yet.
  std::size_t held() const { return in_.size() - at_ + (begun_ ? begun_->payload.size() : 0); }
  void feed(std::string_view bytes);
  // The next one that is there whole. None: more is due, or it is broken().
  std::optional<NodeFrame> next();
  // What came is no frame; nothing is read any more.
  bool broken() const { return broken_; }

 private:
  bool begin();
  bool finish();

  std::string in_;
  std::size_t at_ = 0;      // of in_, up to where it was read
  std::size_t looked_ = 0;  // of in_, up to where there is no end of a line
  std::optional<NodeFrame> begun_;
  std::optional<std::size_t> size_;  // of its payload
  bool broken_ = false;
};

}  // namespace server
