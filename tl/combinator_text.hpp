// One statement of a scheme taken apart, and the id that its text stands for.
//
//   initConnection#c1cd5ea9 {X:Type} flags:# proxy:flags.0?InputClientProxy query:!X = X
//   name           id       variable field   conditional field              field      result
//
// The id is the CRC-32 of the text without id and `;`, without `flags.N?true` fields, with
// `bytes` spelt `string`, `<` a space and `>`, `{`, `}`, `(`, `)` gone. core.telegram.org/mtproto/TL
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tl/schema_text.hpp"

namespace tl {

struct FieldText {
  std::string_view name;
  std::string_view word;  // `flags` of `flags.3?int`, or empty
  std::string_view type;  // "Vector<int>"
  std::uint32_t line = 0;
  std::uint8_t bit = 0;
};

struct CombinatorText {
  std::string_view name;
  std::optional<std::uint32_t> id;
  std::uint32_t computed_id = 0;                // what its text gives
  std::span<const std::string_view> variables;  // X of {X:Type}
  std::span<const FieldText> fields;
  std::string_view result;
  std::uint32_t line = 0;
  bool function = false;
  bool builtin = false;  // `int ? = Int`, `vector {t:Type} # [ t ] = Vector t`: known without it
  bool crossed_out = false;  // `#name#12ab …`
};

struct LineProblem {
  std::size_t line = 0;
  std::string text;
};

// What it points to lies where the statement's words do, or in the arena.
Result<CombinatorText, LineProblem> read_combinator(const Statement&,
                                                    std::pmr::memory_resource& arena);

}  // namespace tl
