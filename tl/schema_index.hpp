// Look-up of a scheme's parts by name, without an allocation: open addressing, linear
// probing, half empty. A place is a position in one of the schema's arrays.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tl/name_tag.hpp"
#include "tl/schema.hpp"

namespace tl {

class PlaceTable {
 public:
  void reserve(std::size_t count) {
    std::size_t size = 16;
    while (size < count * 2) size *= 2;
    slots_.assign(size, Slot{});
  }

  void add(std::uint32_t hash, std::uint32_t place) {
    auto at = hash & mask();
    while (slots_[at].place != none) at = (at + 1) & mask();
    slots_[at] = {hash, place};
  }

  // The place of that hash for which `matches(place)` holds.
  template <class Matches>
  std::optional<std::uint32_t> find(std::uint32_t hash, const Matches& matches) const {
    if (slots_.empty()) return std::nullopt;
    for (auto at = hash & mask(); slots_[at].place != none; at = (at + 1) & mask()) {
      if (slots_[at].hash == hash && matches(slots_[at].place)) return slots_[at].place;
    }
    return std::nullopt;
  }

 private:
  static constexpr std::uint32_t none = 0xFFFFFFFF;
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t place = none;
  };
  std::size_t mask() const { return slots_.size() - 1; }
  std::vector<Slot> slots_;
};

inline std::uint32_t hash_of(std::string_view name) {
  return static_cast<std::uint32_t>(name_tag(name) >> 32);
}

struct Schema::Index {
  PlaceTable constructors;
  PlaceTable functions;
  PlaceTable types;
};

}  // namespace tl
