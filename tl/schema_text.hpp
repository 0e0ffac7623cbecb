// A `.tl` file cut into statements: comments gone, sections known, each word with its line.
//
//   // LAYER 228
//   ---types---
//   boolTrue#997275b5 = Bool;           one statement: boolTrue#997275b5, =, Bool
//   ---functions---
//
// core.telegram.org/mtproto/TL-formal
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tl/schema.hpp"

namespace tl {

struct Word {
  std::string text;  // white space inside <…> and {…} is dropped
  std::size_t line = 0;
};

struct Statement {
  std::vector<Word> words;  // never empty
  bool function = false;
  std::size_t line() const { return words.front().line; }
};

struct SchemaText {
  std::vector<Statement> statements;
  std::optional<int> layer;
};

Result<SchemaText, SchemaProblem> read_schema_text(const SchemaSource&);

}  // namespace tl
