// Diffie-Hellman over a safe prime, with the checks that the security guidelines ask for.
// core.telegram.org/mtproto/security_guidelines
// Numbers are 256 bytes, big-endian, padded with zeros on the left.
#pragma once

#include <array>

#include "mtproto/crypto/secret.hpp"
#include "tl/result.hpp"

namespace mtproto {

using DhNumber = std::array<std::uint8_t, 256>;

// Telegram's prime; proven once and for all.
const DhNumber& known_prime();

// base^exponent mod modulus; constant time in the exponent.
Secret<256> power(ByteView base, ByteView exponent, const DhNumber& modulus);
DhNumber public_power(ByteView base, ByteView exponent, const DhNumber& modulus);

// 2^2047 < p < 2^2048, p and (p−1)/2 prime. 230 ms for a prime not seen before: a Work. What was
// proven is remembered (a bounded table, shared by all threads). errc::bad_prime.
bool prime_is_proven(const DhNumber& p);
tl::Result<void> prove_prime(const DhNumber& p);

// g is 2 to 7 and generates the subgroup of order (p−1)/2. errc::bad_generator.
tl::Result<void> check_generator(std::int32_t g, const DhNumber& p);

// 2^(2048−64) <= x <= p − 2^(2048−64).
bool in_range(ByteView x, const DhNumber& p);

}  // namespace mtproto
