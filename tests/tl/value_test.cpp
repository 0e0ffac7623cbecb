#include "tl/value.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using tl::Member;
using tl::Value;

namespace {

std::string text_of(const Value& value) {
  std::string out;
  tl::write_json(value, out);
  return out;
}

}  // namespace

TEST_CASE("an integer is read from a number, a number's text or a decimal string") {
  CHECK(Value::integer(-5).as_int64() == -5);
  CHECK(Value::number("-9223372036854775808").as_int64() == INT64_MIN);
  CHECK(Value::string("9223372036854775807").as_int64() == INT64_MAX);
  CHECK(Value::number("18446744073709551615").as_uint64() == UINT64_MAX);
  CHECK(Value::number("-0").as_int64() == 0);
  CHECK(Value::number("-0").as_uint64() == 0U);
  CHECK(Value::number("9.996620001E9").as_int64() == 9'996'620'001);
  CHECK(Value::number("4.0").as_uint64() == 4U);
}

TEST_CASE("what is no integer in range is none") {
  for (const auto* text : {"9223372036854775808", "1.5", "1e18", "1E-1", "-9223372036854775809"}) {
    CAPTURE(text);
    CHECK_FALSE(Value::number(text).as_int64());
  }
  for (const auto* text : {"", "x", "1 ", " 1", "+1", "0x1", "1.0", "-"}) {
    CAPTURE(text);
    CHECK_FALSE(Value::string(text).as_int64());
  }
  CHECK_FALSE(Value::integer(-1).as_uint64());
  CHECK_FALSE(Value::number("18446744073709551616").as_uint64());
  CHECK_FALSE(Value::number("-1.0").as_uint64());
  CHECK_FALSE(Value::real(1).as_int64());
  CHECK_FALSE(Value::boolean(true).as_int64());
}

TEST_CASE("doubles are exact") {
  CHECK(Value::number("0.1").as_double() == 0.1);
  CHECK(Value::number("52.37").as_double() == 52.37);
  CHECK(Value::number("1.7976931348623157e308").as_double() == std::numeric_limits<double>::max());
  CHECK(Value::number("5e-324").as_double() == std::numeric_limits<double>::denorm_min());
  CHECK(Value::number("2.2250738585072011e-308").as_double() == 2.2250738585072011e-308);
  CHECK(Value::number("123456789012345678901234567890").as_double() ==
        123456789012345678901234567890.0);
  CHECK(Value::integer(3).as_double() == 3.0);
}

TEST_CASE("a double too small is zero with its sign, one too large is none") {
  CHECK(Value::number("1e-400").as_double() == 0.0);
  CHECK(std::signbit(*Value::number("-1e-400").as_double()));
  CHECK(Value::number("0." + std::string(400, '0') + "1").as_double() == 0.0);
  CHECK(Value::number("0e999").as_double() == 0.0);
  CHECK(Value::number("1e-99999999999999999999").as_double() == 0.0);
  CHECK_FALSE(Value::number("1e400").as_double());
  CHECK_FALSE(Value::number("1e99999999999999999999").as_double());
  CHECK_FALSE(Value::number("1" + std::string(400, '0')).as_double());
  CHECK_FALSE(Value::string("1.5").as_double());
}

TEST_CASE("looking into what is no object finds null") {
  CHECK(Value::integer(1)["a"].is_null());
  CHECK(Value::integer(1).find("a") == nullptr);
  CHECK(Value().constructor().empty());
  CHECK(Value::string("x").items().empty());
}

TEST_CASE("a builder copies what it is given") {
  std::pmr::monotonic_buffer_resource arena;
  const tl::Builder build(arena);
  std::string name = "user";
  std::string key = "name";
  const auto user = build.object(name, {{key, build.string(name)}, {"id", Value::integer(7)}});
  name = "????";
  key = "????";
  CHECK(text_of(user) == R"({"_cons":"user","name":"user","id":7})");
  CHECK(user.constructor() == "user");
  const auto changed = build.with(user, {{"id", Value::integer(8)}, {"new", Value()}});
  CHECK(text_of(changed) == R"({"_cons":"user","name":"user","id":8,"new":null})");
  CHECK(text_of(user) == R"({"_cons":"user","name":"user","id":7})");
}

TEST_CASE("a deep copy outlives what it was made from") {
  std::pmr::monotonic_buffer_resource arena;
  const tl::Builder build(arena);
  Value copy;
  {
    std::pmr::monotonic_buffer_resource other;
    const tl::Builder there(other);
    const tl::Bytes bytes{1, 2, 3};
    copy = build.copy(there.object({{"a", there.array({there.bytes(bytes), Value::real(1.5)})},
                                    {"b", Value::number(std::string_view("12.50"))}}));
  }
  CHECK(text_of(copy) == R"({"a":["AQID",1.5],"b":12.50})");
}

TEST_CASE("JSON text is compact, escaped and UTF-8 whatever the bytes") {
  CHECK(text_of(Value::string("a\"\\\n\x01\x7f\xc3\xa9\xff")) ==
        "\"a\\\"\\\\\\n\\u0001\x7f\xc3\xa9\xEF\xBF\xBD\"");
  CHECK(text_of(Value::real(std::nan(""))) == "\"NaN\"");
  CHECK(text_of(Value::real(-INFINITY)) == "\"-Infinity\"");
  CHECK(text_of(Value::array({})) == "[]");
  CHECK(text_of(Value::object({})) == "{}");
  CHECK(text_of(Value::real(1.0)) == "1");
}

TEST_CASE("a control byte at any place of a long string is escaped") {
  for (std::size_t at = 0; at < 20; ++at) {
    std::string text(20, 'a');
    text[at] = '\n';
    std::string expected(20, 'a');
    expected.replace(at, 1, "\\n");
    CHECK(text_of(Value::string(text)) == "\"" + expected + "\"");
  }
}
