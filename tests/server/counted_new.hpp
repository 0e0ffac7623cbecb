// Operator new of this test program counts, each thread for itself.
#pragma once

#include <cstddef>

namespace support {

// How often this thread has asked for memory.
std::size_t allocations();
// What it was given and has not given back, with what malloc takes to keep it.
std::ptrdiff_t bytes_held();
// The most that this was since it was asked for last.
std::ptrdiff_t most_bytes_held();

}  // namespace support
