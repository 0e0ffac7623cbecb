#include "tl/rounded.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

using tl::looks_rounded;

TEST_CASE("what a double makes of a long looks rounded, in each way of writing it") {
  CHECK(looks_rounded(std::int64_t{7322736019842079744}));  // C, Qt
  CHECK(looks_rounded(std::int64_t{7322736019842080000}));  // JavaScript, Go
  CHECK(looks_rounded(std::int64_t{7322736019842079700}));  // 17 digits
  CHECK(looks_rounded(std::int64_t{-7322736019842080000}));
  CHECK(looks_rounded(std::int64_t{9007199254740994}));
  CHECK(looks_rounded(INT64_MIN));
  CHECK(looks_rounded(std::uint64_t{18446744073709549568U}));
}

TEST_CASE("an exact long does not look rounded, nor does what a double holds") {
  CHECK_FALSE(looks_rounded(std::int64_t{7322736019842079875}));
  CHECK_FALSE(looks_rounded(std::int64_t{9007199254740992}));
  CHECK_FALSE(looks_rounded(std::int64_t{9007199254740993}));
  CHECK_FALSE(looks_rounded(std::int64_t{-1000}));
  CHECK_FALSE(looks_rounded(std::uint64_t{18446744073709551615U}));
}

TEST_CASE("what was given is known again, whatever looks rounded among it") {
  std::mt19937_64 random(7);
  tl::GivenLongs given, other;
  std::vector<std::int64_t> rounded;
  while (rounded.size() < 200) {
    const auto exact = static_cast<std::int64_t>(random());
    const auto zeros = static_cast<int>(exact & 15);
    for (const auto value : {exact, exact / 100 * 100, exact >> zeros << zeros, exact / 1000}) {
      given.note(value);
      if (looks_rounded(value)) rounded.push_back(value);
    }
  }
  other.merge(given);
  for (const auto value : rounded) CHECK((given.may_hold(value) && other.may_hold(value)));
}

TEST_CASE("what was not given is mostly known for that") {
  std::mt19937_64 random(8);
  tl::GivenLongs given;
  CHECK_FALSE(given.may_hold(7322736019842080000));
  for (int i = 0; i < 1000; ++i) given.note(static_cast<std::int64_t>(random()));
  int taken = 0;
  for (int i = 0; i < 1000; ++i) {
    if (given.may_hold(static_cast<std::int64_t>(random()))) ++taken;
  }
  CHECK(taken < 50);
}
