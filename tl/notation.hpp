// How TL values are written as JSON. server/API.md, "Values". What is read is the same in all of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tl/numbers.hpp"

namespace tl {

enum class Notation : std::uint8_t {
  classic,    // long as number, {"_cons":"boolTrue"}, {"_cons":"true"}
  plain,      // long as decimal string, true and false
  automatic,  // as plain, but a long that every JSON library holds is a number
};

inline constexpr std::array<std::string_view, 3> notation_names{"classic", "plain", "auto"};

constexpr std::string_view name_of(Notation notation) {
  return notation_names[static_cast<std::size_t>(notation)];
}

constexpr std::optional<Notation> notation_of(std::string_view name) {
  for (std::size_t i = 0; i < notation_names.size(); ++i) {
    if (notation_names[i] == name) return static_cast<Notation>(i);
  }
  return std::nullopt;
}

// Whether a long is written as a string.
constexpr bool is_quoted(Notation notation, std::int64_t value) {
  return notation == Notation::plain ||
         (notation == Notation::automatic && !is_exact_in_double(value));
}

}  // namespace tl
