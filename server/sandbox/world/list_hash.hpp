// What a list's `hash` is, by which a client says which one it has. Clients count it as well.
// core.telegram.org/api/offsets#hash-generation
#pragma once

#include <cstdint>

namespace server::sandbox {

class ListHash {
 public:
  void add(std::uint64_t number) {
    hash_ ^= hash_ >> 21;
    hash_ ^= hash_ << 35;
    hash_ ^= hash_ >> 4;
    hash_ += number;
  }
  std::int64_t value() const { return static_cast<std::int64_t>(hash_); }

 private:
  std::uint64_t hash_ = 0;
};

}  // namespace server::sandbox
