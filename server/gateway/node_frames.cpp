#include "server/gateway/node_frames.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "tl/json_reader.hpp"

namespace server {

std::string text_of(const ObjectNumber& number) {
  return '"' + std::to_string(number.channel) + '.' + std::to_string(number.object) + '"';
}

std::optional<ObjectNumber> read_object_number(std::string_view id) {
  if (id.size() < 2 || !id.starts_with('"') || !id.ends_with('"')) return {};
  const auto* const end = id.data() + id.size() - 1;
  ObjectNumber out;
  const auto [dot, no_channel] = std::from_chars(id.data() + 1, end, out.channel);
  if (no_channel != std::errc() || dot == end || *dot != '.') return {};
  const auto [last, no_object] = std::from_chars(dot + 1, end, out.object);
  if (no_object != std::errc() || last != end) return {};
  return out;
}

void NodeFrames::feed(std::string_view bytes) {
  in_.erase(0, at_);
  looked_ -= std::min(looked_, std::exchange(at_, 0));
  in_ += bytes;
}

std::optional<NodeFrame> NodeFrames::next() {
  if (broken_ || (!begun_ && !begin()) || !finish()) return {};
  return std::exchange(begun_, std::nullopt);
}

// False: its line is not there yet, or is none.
bool NodeFrames::begin() {
  const auto end = in_.find('\n', std::max(at_, looked_));
  if (end == in_.npos) {
    looked_ = in_.size();
    broken_ = in_.size() - at_ > longest_header;
    return false;
  }
  NodeFrame frame{std::make_unique<std::pmr::monotonic_buffer_resource>(), {}, {}};
  const auto value = tl::read_json(std::string_view(in_).substr(at_, end - at_), *frame.arena);
  at_ = end + 1;
  broken_ = !value || !value->is_object();
  if (broken_) return false;
  frame.header = *value;
  size_.reset();
  if (const auto* size = value->find("size")) {
    size_ = size->as_uint64();
    broken_ = !size_ || *size_ > longest_payload;
    if (broken_) return false;
  }
  begun_ = std::move(frame);
  return true;
}

// False: its payload is not there yet, or does not end where it says.
bool NodeFrames::finish() {
  if (!size_) return true;
  auto& payload = begun_->payload;
  const auto part = std::string_view(in_).substr(at_, *size_ - payload.size());
  payload += part;
  at_ += part.size();
  if (payload.size() < *size_ || at_ == in_.size()) return false;
  broken_ = in_[at_++] != '\n';
  return !broken_;
}

}  // namespace server
