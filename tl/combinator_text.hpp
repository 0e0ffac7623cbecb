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
#include <optional>
#include <string>
#include <vector>

#include "tl/schema_text.hpp"

namespace tl {

struct FieldText {
  std::string name;
  std::string word;  // `flags` of `flags.3?int`, or empty
  std::uint8_t bit = 0;
  std::string type;  // "Vector<int>"
  std::size_t line = 0;
};

struct CombinatorText {
  std::string name;
  std::optional<std::uint32_t> id;
  std::vector<std::string> variables;  // X of {X:Type}
  std::vector<FieldText> fields;
  std::string result;
  std::string normal;  // what the id is the CRC-32 of
  std::size_t line = 0;
  bool function = false;
  bool builtin = false;  // `int ? = Int`, `vector {t:Type} # [ t ] = Vector t`: known without it
  bool crossed_out = false;  // `#name#12ab …`
};

struct LineProblem {
  std::size_t line = 0;
  std::string text;
};

Result<CombinatorText, LineProblem> read_combinator(const Statement&);

}  // namespace tl
