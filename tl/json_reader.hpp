// JSON text into a Value, fed as bytes arrive. Numbers keep their text, integers of any length
// stay exact, nesting is bounded, duplicate keys are kept (the last counts on look-up).
// Built on boost::json::basic_parser; RFC 8259, UTF-8 only.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tl/value.hpp"

namespace tl {

struct JsonError {
  std::size_t position = 0;  // byte offset of the first byte that can't stand there
  std::string text;          // why, in words
  bool no_memory = false;    // it may be JSON; what it takes was refused
};

class JsonReader {
 public:
  static constexpr std::size_t max_depth = 128;

  // The value lives in `arena`; what is not closed yet waits in `stacks`, which has its memory back
  // when the reader goes. Either may refuse with std::bad_alloc, which ends the text as an error.
  explicit JsonReader(Arena& arena, Arena& stacks = *std::pmr::new_delete_resource());
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;
  JsonReader& operator=(JsonReader&&) noexcept;

  // Feeds the next piece. False once the text can't become JSON any more; then error() says why.
  bool feed(std::string_view piece);
  // The end of the text.
  std::optional<Value> finish();
  const JsonError& error() const;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

// A whole text at once.
std::optional<Value> read_json(std::string_view text, Arena& arena, JsonError* error = nullptr);

}  // namespace tl
