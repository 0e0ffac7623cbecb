#include "tl/numbers.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <string>

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

TEST_CASE("a JSON number is an integer by its value") {
  const auto whole = [](std::string_view text) {
    const auto read = tl::read_integral(text);
    return read.kind == tl::Integral::Kind::whole ? std::optional(read.value) : std::nullopt;
  };
  CHECK(whole("4.0") == 4);
  CHECK(whole("-4.000") == -4);
  CHECK(whole("1e5") == 100'000);
  CHECK(whole("1E+2") == 100);
  CHECK(whole("9.996620001E9") == 9'996'620'001);
  CHECK(whole("12.5e1") == 125);
  CHECK(whole("1200e-2") == 12);
  CHECK(whole("0.0012e4") == 12);
  CHECK(whole("-0.0") == 0);
  CHECK(whole("0e999999999999999999999999") == 0);
  CHECK(whole("9007199254740992.0") == 9007199254740992);
  CHECK(whole("-9.007199254740992e15") == -9007199254740992);
  CHECK(whole("1" + std::string(100'000, '0') + "e-100000") == 1);
}

TEST_CASE("a JSON number is no integer for a reason, and takes no longer the larger it is") {
  using Kind = tl::Integral::Kind;
  const auto kind = [](std::string_view text) { return tl::read_integral(text).kind; };
  for (const auto* text : {"0.5", "1e-1", "1.5e0", "1e-999999999999999999999", "1234.5"}) {
    CHECK(kind(text) == Kind::fraction);
  }
  for (const auto* text : {"9007199254740993.0", "9.007199254740994e15", "1e16", "-1e18", "1e19",
                           "12345678901234567.5"}) {
    CAPTURE(text);
    CHECK(kind(text) == Kind::lost);
  }
  for (const auto* text : {"1e20", "-1e999999999", "1e99999999999999999999999"}) {
    CHECK(kind(text) == Kind::large);
  }
}
