// One object while the quick encoder is within it.
#pragma once

#include <array>
#include <cstdint>

#include "tl/quick_encoder.hpp"

namespace tl {

struct QuickEncoder::Object {
  struct Part {
    std::uint32_t begin, size;  // the beginning counted from the object's
  };
  struct Word {
    const Step* step;
    std::size_t at;
  };

  explicit Object(const Combinator& combinator_in)
      : combinator(combinator_in), always(combinator_in.blocks != 0 ? combinator_in.masks[0] : 0) {}

  static constexpr std::uint64_t bit(std::size_t field) { return std::uint64_t{1} << field; }
  bool in_place() const { return !gap && !moved; }

  const Combinator& combinator;
  const std::uint64_t always;  // fields that are always there
  std::size_t begin = 0;       // of its fields' bytes
  std::size_t next = 0;        // the first field behind those that were written
  std::uint64_t seen = 0;
  std::uint64_t set = 0;      // those with a value
  std::uint64_t refused = 0;  // those that are false
  bool gap = false;           // one that is always there was not
  bool moved = false;         // one came behind a later one
  bool was_rounded = false;   // before this object
  std::size_t drawn = 0;      // before it
  std::size_t lacking = 0;    // before it
  std::size_t word_count = 0;
  std::array<std::uint32_t, Combinator::max_words + 1> flags{};
  // Not initialised: only those of fields that came are looked at.
  std::array<Word, Combinator::max_words> words;
  std::array<Part, max_fields> parts;
};

}  // namespace tl
