// Base64 (RFC 4648): written in the standard alphabet with padding, read in either alphabet,
// padded or not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tl/bytes.hpp"

namespace tl {

void append_base64(ByteView bytes, std::string& out);

constexpr std::size_t base64_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }
// Writes base64_size() characters; the end of them.
char* write_base64(ByteView bytes, char* to);

// Appends what `text` stands for; false (and `out` as it was) where it is no base64.
bool decode_base64(std::string_view text, Bytes& out);

// Bytes that `text` stands for, were it base64; an upper bound where it is not.
std::size_t base64_decoded_size(std::string_view text);

}  // namespace tl
