// The two ways to write base64, apart, so that tests can hold them against each other. base64.hpp
// chooses.
#pragma once

#include "tl/bytes.hpp"

namespace tl::base64 {

// Whether this processor can look sixteen bytes up at once (SSSE3).
bool has_instructions();
// Only where has_instructions(). Writes twelve bytes at a time as sixteen characters, while sixteen
// can be read: how many were written.
std::size_t write_blocks(ByteView bytes, char* to);

// All of them, padded; the end.
char* write_by_table(ByteView bytes, char* to);

}  // namespace tl::base64
