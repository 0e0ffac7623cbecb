// From a combinator's id to its place, in one look mostly: open addressing, linear probing, half
// empty. Ids are CRC-32s and need no further hashing.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace tl {

class IdTable {
 public:
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  void reserve(std::size_t count) {
    const auto size = std::bit_ceil(count * 2 + 16);
    slots_.assign(size, Slot{});
    mask_ = static_cast<std::uint32_t>(size - 1);
  }

  void add(std::uint32_t id, std::uint32_t place) {
    auto at = id & mask_;
    while (slots_[at].place != none) at = (at + 1) & mask_;
    slots_[at] = {id, place};
  }

  std::uint32_t find(std::uint32_t id) const {
    for (auto at = id & mask_;; at = (at + 1) & mask_) {
      const auto& slot = slots_[at];
      if (slot.id == id || slot.place == none) return slot.place;
    }
  }

 private:
  struct Slot {
    std::uint32_t id = 0;
    std::uint32_t place = none;
  };
  std::vector<Slot> slots_ = std::vector<Slot>(1);
  std::uint32_t mask_ = 0;
};

}  // namespace tl
