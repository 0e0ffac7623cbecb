// Operator new of this test program counts, each thread for itself.
#pragma once

#include <cstddef>

namespace support {

// How often this thread has asked for memory.
std::size_t allocations();

}  // namespace support
