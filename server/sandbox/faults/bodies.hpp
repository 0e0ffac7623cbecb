// Answers that no client can do anything with.
#pragma once

#include "tl/bytes.hpp"

namespace server::sandbox {

// A constructor that no scheme has, and some words behind it.
tl::Bytes unknown_constructor();

// gzip_packed: a hundred kilobytes that unpack to as many mebibytes of zeros. Made once.
const tl::Bytes& gzip_bomb();

}  // namespace server::sandbox
