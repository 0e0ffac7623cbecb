#include "mtproto/crypto/system_random.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <vector>

using namespace mtproto;

TEST_CASE("Draws of any size are filled to the end and differ from one another") {
  SystemRandom random;
  for (std::size_t size : {16, 33, 4095, 4096, 4097, 10000}) {
    std::vector<std::uint8_t> one(size), other(size);
    random.fill(one);
    random.fill(other);
    CHECK(one != other);
    const auto tail = std::vector<std::uint8_t>(one.end() - 16, one.end());
    CHECK(tail != std::vector<std::uint8_t>(16, 0));
  }
  random.fill({});
}

TEST_CASE("No word comes twice, across blocks or from two generators") {
  SystemRandom one, other;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 5000; ++i) {
    seen.insert(one.word());
    seen.insert(other.word());
  }
  CHECK(seen.size() == 10000);
}
