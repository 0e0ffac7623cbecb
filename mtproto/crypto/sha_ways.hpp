// The two ways to compute SHA-256, apart, so that tests can hold them against each other. sha.hpp
// chooses.
#pragma once

#include "mtproto/crypto/sha.hpp"

namespace mtproto::sha {

// Whether this processor has SHA instructions.
bool has_instructions();
// Only where has_instructions().
void by_instructions(std::initializer_list<tl::ByteView> pieces, Sha256& out);
void by_instructions(const Sha256Pair& messages, Sha256& first, Sha256& second);
void by_openssl(std::initializer_list<tl::ByteView> pieces, Sha256& out);

}  // namespace mtproto::sha
