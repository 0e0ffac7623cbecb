#include "mtproto/crypto/dh.hpp"

#include <catch2/catch.hpp>

#include "mtproto/errc.hpp"
#include "tests/support/print_result.hpp"
#include "tests/support/vectors.hpp"

using namespace mtproto;
using support::hex;

namespace {

DhNumber small(std::uint16_t value) {
  DhNumber out{};
  out[254] = static_cast<std::uint8_t>(value >> 8);
  out[255] = static_cast<std::uint8_t>(value);
  return out;
}

// 2^bit
DhNumber bit(std::size_t number) {
  DhNumber out{};
  out[255 - number / 8] = static_cast<std::uint8_t>(1 << number % 8);
  return out;
}

// p + difference, where no carry leaves the last eight bytes
DhNumber shifted(DhNumber p, int difference) {
  std::uint64_t tail = 0;
  for (std::size_t i = 248; i < 256; ++i) tail = tail << 8 | p[i];
  tail += static_cast<std::uint64_t>(static_cast<std::int64_t>(difference));
  for (std::size_t i = 256; i-- > 248; tail >>= 8) p[i] = static_cast<std::uint8_t>(tail);
  return p;
}

// p − 2^1984: the eight bytes on the left less one
DhNumber upper_end(DhNumber p) {
  for (std::size_t i = 8; i-- > 0;) {
    if (p[i]-- != 0) break;
  }
  return p;
}

// A safe prime of 2048 bits that nobody here has seen.
DhNumber group14() {
  const auto bytes = support::Vectors("primes.txt").bytes("rfc3526_group14");
  DhNumber out;
  REQUIRE(bytes.size() == out.size());
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

}  // namespace

TEST_CASE("Telegram's prime is the one in the official sample") {
  CHECK(hex(known_prime()) == support::Vectors("exchange_sample.txt").text("dh_prime"));
  CHECK(prime_is_proven(known_prime()));
  CHECK(prove_prime(known_prime()));
}

TEST_CASE("Powers agree with the official sample") {
  const support::Vectors sample("exchange_sample.txt");
  const auto b = sample.bytes("b");
  const std::uint8_t g[] = {3};
  CHECK(hex(public_power(g, b, known_prime())) == sample.text("g_b"));
  CHECK(hex(power(sample.bytes("g_a"), b, known_prime()).bytes()) == sample.text("auth_key"));
}

TEST_CASE("Powers are padded on the left and reduce a base above the modulus") {
  const std::uint8_t two[] = {2}, ten[] = {10}, none[] = {0};
  CHECK(public_power(two, ten, known_prime()) == small(1024));
  CHECK(public_power(two, none, known_prime()) == small(1));
  CHECK(public_power(shifted(known_prime(), 2), ten, known_prime()) == small(1024));
  CHECK(public_power(two, ten, small(47)) == small(1024 % 47));
}

TEST_CASE("A safe prime is proven once and then remembered") {
  const auto p = group14();
  CHECK_FALSE(prime_is_proven(p));
  CHECK(prove_prime(p));
  CHECK(prime_is_proven(p));
}

TEST_CASE("What is no safe prime of 2048 bits is refused") {
  const auto refused = [](const DhNumber& p) {
    const auto proven = prove_prime(p);
    return !proven && proven.error() == errc::bad_prime;
  };
  CHECK(refused(shifted(known_prime(), 2)));  // composite
  CHECK(refused(shifted(known_prime(), 1)));  // even
  CHECK(refused(DhNumber{}));
  CHECK(refused(small(23)));  // a safe prime, but small
  auto short_by_a_bit = known_prime();
  short_by_a_bit[0] &= 0x7f;
  CHECK(refused(short_by_a_bit));
  // Prime, but (p − 1) / 2 is not: 2^2048 − 1557.
  DhNumber largest;
  largest.fill(0xff);
  for (std::size_t i = 0; i < 3; ++i) {
    largest[253 + i] = static_cast<std::uint8_t>((0x1000000 - 1557) >> (16 - 8 * i));
  }
  CHECK(refused(largest));
  CHECK_FALSE(prime_is_proven(largest));
}

TEST_CASE("More primes than the table holds push the oldest out, never Telegram's") {
  CHECK_FALSE(prime_is_proven(DhNumber{}));  // the table's empty places prove nothing
  CHECK(prime_is_proven(known_prime()));
}

TEST_CASE("A generator is accepted exactly where it generates the large subgroup") {
  const auto accepted = [](std::uint16_t p, std::int32_t g) {
    return check_generator(g, small(p)).has_value();
  };
  for (auto [p, g] : {std::pair<std::uint16_t, int>{23, 2},
                      {47, 3},
                      {11, 4},
                      {11, 5},
                      {179, 5},
                      {383, 6},
                      {479, 7},
                      {383, 7},
                      {503, 7}}) {
    CHECK(accepted(p, g));
  }
  for (auto [p, g] : {std::pair<std::uint16_t, int>{4, 0},
                      {13, 0},
                      {11, 2},
                      {13, 3},
                      {13, 5},
                      {13, 6},

                      {23, 1},
                      {23, 8},
                      {23, -2}}) {
    CHECK_FALSE(accepted(p, g));
  }
  std::string for_telegram;
  for (int g = -1; g < 10; ++g) {
    if (check_generator(g, known_prime())) for_telegram += std::to_string(g);
  }
  CHECK(for_telegram == "347");
  CHECK(check_generator(2, known_prime()).error() == errc::bad_generator);
}

TEST_CASE("A public number keeps 2^1984 away from both ends") {
  const auto& p = known_prime();
  CHECK(in_range(bit(1984), p));
  CHECK_FALSE(in_range(shifted(DhNumber{}, 0), p));
  auto below = bit(1984);
  below.fill(0xff);
  std::fill_n(below.begin(), 8, std::uint8_t{0});
  CHECK_FALSE(in_range(below, p));  // 2^1984 − 1
  CHECK(in_range(upper_end(p), p));
  CHECK_FALSE(in_range(shifted(upper_end(p), 1), p));
  CHECK_FALSE(in_range(small(1), p));
  CHECK_FALSE(in_range(shifted(p, -1), p));
  CHECK_FALSE(in_range(p, p));
}

TEST_CASE("A public number may come without its leading zeros, but not longer than the prime") {
  Bytes minimal(249, 0);
  minimal[0] = 1;  // 2^1984
  CHECK(in_range(minimal, known_prime()));
  CHECK_FALSE(in_range(Bytes(257, 1), known_prime()));
  CHECK_FALSE(in_range({}, known_prime()));
}
