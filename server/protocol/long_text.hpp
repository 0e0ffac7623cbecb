// Text on its way to a client. Small parts are appended to one string; a large one is handed over as
// it is, since copying it, or moving it to make room in front, would keep the others of its thread
// waiting for milliseconds.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
    if (!end_.empty()) before_.push_back(std::exchange(end_, {}));
    before_.push_back(std::move(part));
  }
  void attach(LongText&& other) {
    for (auto& part : other.before_) attach(std::move(part));
    attach(std::move(other.end_));
    other.clear();
  }

  // Its first part; `to` gives its room in exchange. Empty: there was nothing.
  void take(std::string& to) {
    to.clear();
    if (before_.empty()) return to.swap(end_);
    to.swap(before_.front());
    before_.erase(before_.begin());
    if (before_.empty()) before_.shrink_to_fit();
  }

  std::size_t size() const {
    auto size = end_.size();
    for (const auto& part : before_) size += part.size();
    return size;
  }
  bool empty() const { return size() == 0; }
  void clear() { *this = {}; }

  template <class Take>
  void each_part(Take take) const {
    for (const auto& part : before_) take(std::string_view(part));
    if (!end_.empty()) take(std::string_view(end_));
  }
  // A copy in one piece, of what is behind the first `from` bytes.
  std::string copy(std::size_t from = 0) const {
    std::string out;
    out.reserve(size() - from);
    each_part([&](std::string_view part) {
      const auto skipped = std::min(from, part.size());
      from -= skipped;
      out += part.substr(skipped);
    });
    return out;
  }

 private:
  std::vector<std::string> before_;
  std::string end_;
};

}  // namespace server
