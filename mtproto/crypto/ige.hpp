// The two ways to compute IGE, apart, so that tests can hold them against each other. aes.hpp
// chooses. Both directions are one recurrence, out_i = F(in_i ^ out_{i-1}) ^ in_{i-1}, with F the
// block cipher or its inverse; `iv` is out_0 | in_0 to encrypt, in_0 | out_0 to decrypt.
#pragma once

#include "mtproto/crypto/aes.hpp"

namespace mtproto::ige {

enum class Direction : std::uint8_t { encrypt, decrypt };

// Whether this processor has AES instructions.
bool has_instructions();
// Only where has_instructions().
void by_instructions(Direction, const AesKey&, const IgeIv&, std::span<std::uint8_t> data);
// OpenSSL's block cipher, block by block.
void by_openssl(Direction, const AesKey&, const IgeIv&, std::span<std::uint8_t> data);

}  // namespace mtproto::ige
