// JSON values straight into a buffer: the one place that escapes. RFC 8259 §7.
#pragma once

#include <string_view>

#include "tl/bytes.hpp"
#include "tl/text_buffer.hpp"

namespace tl {

// Puts `text` with its quotes; false, and nothing put, where it is no UTF-8.
bool put_string(std::string_view text, TextBuffer& out);

// Puts a double; what JSON has no number for as "NaN", "Infinity", "-Infinity".
void put_real(double value, TextBuffer& out);

// Puts bytes as base64 with quotes around.
void put_base64(ByteView bytes, TextBuffer& out);

}  // namespace tl
