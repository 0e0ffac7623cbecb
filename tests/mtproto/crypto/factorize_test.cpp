#include "mtproto/crypto/factorize.hpp"

#include <catch2/catch.hpp>

#include "tests/support/scripted_random.hpp"

using namespace mtproto;
using Factors = std::pair<std::uint64_t, std::uint64_t>;

TEST_CASE("Products of two primes come apart, the smaller prime first") {
  const std::tuple<std::uint64_t, std::uint64_t, std::uint64_t> known[] = {
      {1724114033281923457, 1229739323, 1402015859},
      {1468428376148703121, 1008949199, 1455403679},
      {2090522174869285481, 1112973847, 1878321023},
      {1470626929934143021, 1206429347, 1218991343},
      {2804275833720261793, 1555252417, 1803100129},
      {2363612107535801713, 1518968219, 1556064227},
      {378221, 613, 617},
      {15, 3, 5},
      {32193202156827203, 179424611, 179424673},
      {9223371873002223329u, 3037000453, 3037000493},
      {3 * 2147483647ull, 3, 2147483647}};
  for (const auto& [pq, p, q] : known) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      support::ScriptedRandom random(seed);
      CHECK(factorize(pq, random) == Factors{p, q});
    }
  }
}

TEST_CASE("What is no product of two different odd primes has no factors, and that soon") {
  support::ScriptedRandom random;
  for (std::uint64_t pq :
       std::initializer_list<std::uint64_t>{0, 1, 2, 3, 4, 6, 9, 13, 14,
                                            2147483647,            // prime
                                            9223372036854775783u,  // the largest prime below 2^63
                                            1000003ull * 1000003,  // a square
                                            3ull * 5 * 7,          // three primes
                                            2ull * 2147483647,     // even
                                            3037000493ull * 3037000493,
                                            9223372036854775837u,  // above 2^63
                                            18446744073709551615u, 18446744030759878681u}) {
    CHECK_FALSE(factorize(pq, random));
  }
}

TEST_CASE("Randomness that always says the same does not hang the factoring") {
  class Stuck final : public tl::Random {
    void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), 0); }
  } stuck;
  const auto found = factorize(1724114033281923457, stuck);
  CHECK((!found || *found == Factors{1229739323, 1402015859}));
}

TEST_CASE("Primality of 64-bit numbers is exact") {
  int primes = 0;
  for (std::uint64_t n = 0; n < 10000; ++n) primes += is_prime(n);
  CHECK(primes == 1229);
  CHECK(is_prime(18446744073709551557u));  // the largest below 2^64
  for (std::uint64_t strong_pseudoprime :
       {2047ull, 3215031751ull, 3825123056546413051ull, 341550071728321ull}) {
    CHECK_FALSE(is_prime(strong_pseudoprime));
  }
}
