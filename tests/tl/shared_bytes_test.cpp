#include "tl/shared_bytes.hpp"

#include <catch2/catch.hpp>

TEST_CASE("a copy of shared bytes is the same memory") {
  const tl::SharedBytes one(tl::Bytes{1, 2, 3});
  const auto other = one;
  CHECK(tl::ByteView(other).data() == tl::ByteView(one).data());
  CHECK(other.size() == 3);
}

TEST_CASE("shared bytes live as long as anybody has them") {
  tl::SharedBytes one(tl::Bytes{1, 2, 3});
  const auto other = one;
  one = {};
  CHECK(one.empty());
  CHECK(tl::ByteView(other)[2] == 3);
}

TEST_CASE("no bytes need no memory to be shared") {
  const tl::SharedBytes none(tl::Bytes{});
  CHECK(none.empty());
  CHECK(tl::ByteView(none).empty());
}
