// pq into p < q. Milliseconds for the 64-bit numbers of a key exchange: a Work.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "tl/random.hpp"

namespace mtproto {

// Exact for every 64-bit number.
bool is_prime(std::uint64_t);

// None for a number that is prime, even, below 15, or above 2^63 (bounded work whatever a peer
// sends).
std::optional<std::pair<std::uint64_t, std::uint64_t>> factorize(std::uint64_t pq,
                                                                 tl::Random& random);

}  // namespace mtproto
