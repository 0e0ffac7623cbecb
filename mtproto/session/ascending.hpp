// A small table whose keys mostly come in ascending order and mostly go in the order in which they
// came: one piece of memory, no allocation per entry, nothing held while it is empty but a few
// entries' room.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace mtproto {

template <class Key, class Value>
class Ascending {
 public:
  struct Entry {
    Key key;
    Value value;
  };

  Value* find(const Key& key) {
    const auto at = place(key);
    return at != entries_.end() && at->key == key ? &at->value : nullptr;
  }
  // Replaces what stands under that key.
  Value& put(Key key, Value value) {
    if (size() == 0 || entries_.back().key < key) {
      return entries_.emplace_back(Entry{key, std::move(value)}).value;
    }
    const auto at = place(key);
    if (at != entries_.end() && at->key == key) return at->value = std::move(value);
    return entries_.insert(at, Entry{key, std::move(value)})->value;
  }
  void erase(const Key& key) {
    const auto at = place(key);
    if (at == entries_.end() || at->key != key) return;
    if (at != begin()) {
      entries_.erase(at);
    } else {
      at->value = Value{};
      ++gone_;
    }
    tidy();
  }
  // The first whose key comes after this one.
  const Entry* after(const Key& key) const {
    const auto all = entries();
    const auto at = std::upper_bound(all.begin(), all.end(), key,
                                     [](const Key& a, const Entry& b) { return a < b.key; });
    return at == all.end() ? nullptr : &*at;
  }
  std::span<const Entry> entries() const { return std::span(entries_).subspan(gone_); }
  std::size_t size() const { return entries_.size() - gone_; }
  bool empty() const { return size() == 0; }

 private:
  static constexpr std::size_t little = 8;

  auto begin() { return entries_.begin() + static_cast<std::ptrdiff_t>(gone_); }
  auto place(const Key& key) {
    return std::lower_bound(begin(), entries_.end(), key,
                            [](const Entry& a, const Key& b) { return a.key < b; });
  }
  void tidy() {
    if (gone_ == entries_.size()) {
      entries_.clear();
      if (entries_.capacity() > little) std::vector<Entry>().swap(entries_);
      gone_ = 0;
    } else if (gone_ > entries_.size() / 2) {
      entries_.erase(entries_.begin(), begin());
      gone_ = 0;
    }
  }

  std::vector<Entry> entries_;
  std::size_t gone_ = 0;  // of the first entries
};

}  // namespace mtproto
