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
#include <optional>
#include <string>
#include <vector>

#include "tl/schema.hpp"

namespace tl {

struct Word {
  std::string text;  // white space inside <…> and {…} is dropped, inside (…) one blank is left
  std::size_t line = 0;
};

struct Statement {
  std::vector<Word> words;  // never empty
  bool function = false;
  std::size_t line() const { return words.front().line; }
};

struct LayerLine {
  int layer = 0;
  std::size_t line = 0;
};

struct SchemaText {
  std::vector<Statement> statements;
  std::vector<LayerLine> layers;  // each number once, where it is said first
  std::optional<int> layer() const {
    return layers.empty() ? std::nullopt : std::optional(layers.front().layer);
  }
};

Result<SchemaText, SchemaProblem> read_schema_text(const SchemaSource&);

}  // namespace tl
