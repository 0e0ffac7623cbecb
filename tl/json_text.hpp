// JSON values straight into a buffer: the one place that escapes. RFC 8259 §7.
// Each is put at `to`, and the place behind it is returned.
#pragma once

#include <cstddef>
#include <string_view>

#include "tl/bytes.hpp"
#include "tl/text_buffer.hpp"

namespace tl {

// `text` with its quotes; null, and what is at `to` counts for nothing, where it is no UTF-8.
// `behind`: how many bytes can be read behind it. With a few it takes less time.
char* put_string(std::string_view text, std::size_t behind, TextBuffer& out, char* to);
inline char* put_string(std::string_view text, TextBuffer& out, char* to) {
  return put_string(text, 0, out, to);
}

// The inside of one: a piece of a text, cut anywhere, escaped and without quotes.
char* put_inside(std::string_view piece, TextBuffer& out, char* to);

// A double; what JSON has no number for as "NaN", "Infinity", "-Infinity".
char* put_real(double value, TextBuffer& out, char* to);

// Bytes as base64 with quotes around.
char* put_base64(ByteView bytes, TextBuffer& out, char* to);

}  // namespace tl
