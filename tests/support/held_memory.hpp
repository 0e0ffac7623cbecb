// Operator new of this test program counts what it has given and has not got back. Linked where it is
// asked for.
#pragma once

#include <cstddef>

namespace support {

// Bytes that the process's threads hold from operator new, as the allocator rounds them.
std::size_t held_memory();

}  // namespace support
