// Text on its way to a client. Small parts are appended to one string; a large one is handed over as
// it is, since copying it, or moving it to make room in front, would keep the others of its thread
// waiting for milliseconds. What is made of an object while it is sent stands between them as that
// object.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tl/text_parts.hpp"

namespace server {

class LongText {
 public:
  // From so many bytes on a part is handed over.
  static constexpr std::size_t large = std::size_t{64} << 10;

  // What is appended to this comes behind all so far.
  std::string& end() { return end_; }
  LongText& operator+=(std::string_view text) {
    end_ += text;
    return *this;
  }
  LongText& operator+=(char c) {
    end_ += c;
    return *this;
  }

  void attach(std::string part) {
    if (part.size() < large) {
      end_ += part;
      return;
    }
    push({std::move(part), {}});
  }
  void attach(tl::TextParts made) {
    if (made.size() >= large) return push({{}, std::move(made)});
    while (made.size() != 0) made.next(end_);
  }
  void attach(LongText&& other) {
    for (auto& part : other.before_)
      part.made ? push(std::move(part)) : attach(std::move(part.text));
    attach(std::move(other.end_));
    other.clear();
  }

  // Its first part, or a piece of that; `to` gives its room in exchange. Empty: there was nothing.
  void take(std::string& to) {
    to.clear();
    if (before_.empty()) return to.swap(end_);
    auto& first = before_.front();
    if (first.made) {
      first.made->next(to);
      if (first.made->size() != 0) return;
    } else {
      to.swap(first.text);
    }
    before_.erase(before_.begin());
    if (before_.empty()) before_.shrink_to_fit();
  }

  std::size_t size() const {
    auto size = end_.size();
    for (const auto& part : before_) size += part.size();
    return size;
  }
  // What of it is there already. Of what is still to be made the object is on the meter by itself.
  std::size_t memory_usage() const {
    auto size = end_.size();
    for (const auto& part : before_) size += part.text.size();
    return size;
  }
  // Whether all of it is there.
  bool all_made() const {
    return std::ranges::none_of(before_, [](const Part& part) { return part.made.has_value(); });
  }
  bool empty() const { return size() == 0; }
  void clear() { *this = {}; }

  // All of it, where it stays, a part at a time, for as long as `take` wants more.
  template <class Take>
  void each_part(Take take) const {
    bool more = true;
    for (const auto& part : before_) {
      if (!more) return;
      if (part.made) {
        part.made->each_part([&](std::string_view piece) { return more = take(piece); });
      } else {
        more = take(std::string_view(part.text));
      }
    }
    if (more && !end_.empty()) take(std::string_view(end_));
  }
  // A copy in one piece, of what is behind the first `from` bytes.
  std::string copy(std::size_t from = 0) const {
    std::string out;
    out.reserve(size() - from);
    each_part([&](std::string_view part) {
      const auto skipped = std::min(from, part.size());
      from -= skipped;
      out += part.substr(skipped);
      return true;
    });
    return out;
  }

 private:
  struct Part {
    std::string text;
    std::optional<tl::TextParts> made;  // … or what becomes it

    std::size_t size() const { return made ? made->size() : text.size(); }
  };

  void push(Part part) {
    if (!end_.empty()) before_.push_back({std::exchange(end_, {}), {}});
    before_.push_back(std::move(part));
  }

  std::vector<Part> before_;
  std::string end_;
};

}  // namespace server
