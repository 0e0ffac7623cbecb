// A `.tl` file cut into statements: comments gone, sections known, each word with its line.
//
//   // LAYER 228
//   ---types---
//   boolTrue#997275b5 = Bool;           one statement: boolTrue#997275b5, =, Bool
//   ---functions---
//
// core.telegram.org/mtproto/TL-formal; and what files in the wild hold besides: `// Layer: 201`,
// `--- functions ---`, `===17===`, statements without their `;`.
#pragma once

#include <cstddef>
#include <functional>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "tl/schema.hpp"

namespace tl {

struct Word {
  std::string_view text;  // white space inside <…> and {…} is dropped, inside (…) one blank is left
  std::size_t line = 0;
};

struct Statement {
  std::span<const Word> words;  // never empty; there while it is handed over
  bool function = false;
  std::size_t line() const { return words.front().line; }
};

struct LayerLine {
  int layer = 0;
  std::size_t line = 0;
};

// Each number once, where it is said first.
using LayerLines = std::vector<LayerLine>;

// Takes a statement; false: no more of them.
using StatementTaker = std::function<bool(const Statement&)>;

// The texts of words lie in the source's or in the arena, and live as long as these.
Result<LayerLines, SchemaProblem> read_schema_text(const SchemaSource&,
                                                   std::pmr::memory_resource& arena,
                                                   const StatementTaker&);

}  // namespace tl
