#include "tl/hex.hpp"

#include <catch2/catch.hpp>

TEST_CASE("bytes become two hexadecimal digits each") {
  CHECK(tl::to_hex({}).empty());
  CHECK(tl::to_hex(tl::Bytes{0x00, 0x0f, 0xa5, 0xff}) == "000fa5ff");
}
