// JSON strings straight into a buffer: the one place that escapes and that knows UTF-8.
// RFC 8259 §7, RFC 3629.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tl {

// The length of the well-formed UTF-8 sequence at the start of `text`, or 0.
std::size_t utf8_sequence(std::string_view text);

// Appends `text` with its quotes; false, and `out` as it was, where it is no UTF-8.
bool try_json_string(std::string_view text, std::string& out);

// Appends a double; what JSON has no number for as "NaN", "Infinity", "-Infinity".
void append_real(double value, std::string& out);

}  // namespace tl
