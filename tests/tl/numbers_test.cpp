#include "tl/numbers.hpp"

#include <catch2/catch.hpp>

TEST_CASE("a count is decimal digits and nothing else, within its bounds") {
  CHECK(tl::parse_count("0", 0, 5) == 0);
  CHECK(tl::parse_count("005", 0, 5) == 5);
  CHECK(tl::parse_count("9223372036854775807", 0, INT64_MAX) == INT64_MAX);
  for (const auto* text :
       {"", "6", "-1", "-0", "+1", "1 ", " 1", "0x1", "1.0", "9223372036854775808"}) {
    INFO(text);
    CHECK_FALSE(tl::parse_count(text, 0, 5));
  }
  CHECK_FALSE(tl::parse_count("1", 2, 5));
}
