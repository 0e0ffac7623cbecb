// The two ways to write base64 and to read it, apart, so that tests can hold them against each
// other. base64.hpp chooses.
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

// Only where has_instructions(). Reads sixteen digits at a time as twelve bytes, while twenty-four are
// left, which gives room for what a store writes behind the twelve. How many were read: fewer where one
// of the next sixteen is no digit.
std::size_t read_blocks(std::string_view digits, std::uint8_t* to);

// All of them, without padding; false where one is no digit.
bool read_by_table(std::string_view digits, std::uint8_t* to);

}  // namespace tl::base64
