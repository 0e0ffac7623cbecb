// Escapes at every place of a text, numbers at every edge, names of every length.
#include "tl/json_text.hpp"

#include <catch2/catch.hpp>
#include <charconv>
#include <string>

#include "tests/tl/codec_helpers.hpp"
#include "tl/base64.hpp"
#include "tl/decimal.hpp"
#include "tl/value.hpp"
#include "tl/writer.hpp"

namespace {

std::string as_json(std::string_view text) {
  std::string out = "[";
  {
    tl::TextBuffer buffer(out, 1);
    const auto* to = tl::put_string(text, buffer, buffer.begin());
    if (to == nullptr) return "no UTF-8";
    buffer.finish(to);
  }
  return out;
}

std::string decimal(std::int64_t value) {
  char digits[tl::decimal_room];
  return {digits, tl::put_decimal(value, digits)};
}

std::string decimal(std::uint64_t value) {
  char digits[tl::decimal_room];
  return {digits, tl::put_decimal(value, digits)};
}

}  // namespace

TEST_CASE("an escape at any place of a text of any length is the only thing that changes") {
  const std::pair<char, std::string> escapes[] = {
      {'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\0', "\\u0000"}, {'\x1f', "\\u001f"}};
  for (std::size_t size = 0; size <= 50; ++size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(' ' + 3 + i);
    for (auto& c : text) {
      if (c == '"' || c == '\\') c = '_';
    }
    REQUIRE(as_json(text) == "[\"" + text + "\"");
    for (std::size_t at = 0; at < size; ++at) {
      for (const auto& [c, escape] : escapes) {
        auto with = text;
        with[at] = c;
        REQUIRE(as_json(with) == "[\"" + text.substr(0, at) + escape + text.substr(at + 1) + "\"");
      }
      auto two = text;
      two[at] = '"';
      two[size - 1] = '\n';
      const auto middle = at + 1 < size ? text.substr(at + 1, size - at - 2) : std::string();
      if (at + 1 < size) {
        REQUIRE(as_json(two) == "[\"" + text.substr(0, at) + "\\\"" + middle + "\\n\"");
      }
    }
  }
  CHECK(as_json("\x7f\x20~") == "[\"\x7f ~\"");
  CHECK(as_json(std::string(40, '\x01')).size() == 2 + 40 * 6 + 1);
}

TEST_CASE("a byte that is no UTF-8 at any place refuses the text and leaves nothing of it") {
  for (std::size_t size = 1; size <= 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      text[at] = '\xff';
      REQUIRE(as_json(text) == "no UTF-8");
      std::string mended;
      tl::write_json_string(text, mended);
      REQUIRE(mended == "\"" + std::string(at, 'a') + "\xEF\xBF\xBD" +
                            std::string(size - at - 1, 'a') + "\"");
    }
  }
}

TEST_CASE("integers at both ends of every number of digits") {
  std::uint64_t power = 1;
  for (int digits = 1; digits <= 20; ++digits, power *= 10) {
    for (const auto value : {power - 1, power, power + 1, power * 9, power / 3 * 2}) {
      REQUIRE(decimal(value) == std::to_string(value));
      const auto as_signed = static_cast<std::int64_t>(value);
      REQUIRE(decimal(as_signed) == std::to_string(as_signed));
      const auto negative = static_cast<std::int64_t>(0 - value);
      REQUIRE(decimal(negative) == std::to_string(negative));
    }
  }
  CHECK(decimal(INT64_MIN) == "-9223372036854775808");
  CHECK(decimal(INT64_MAX) == "9223372036854775807");
  CHECK(decimal(UINT64_MAX) == "18446744073709551615");
  CHECK(decimal(std::int64_t{INT32_MIN}) == "-2147483648");
}

TEST_CASE("every number below a million and a spread of those above") {
  for (std::uint64_t value = 0; value < 1'000'000; ++value) {
    if (decimal(value) != std::to_string(value)) FAIL(value);
  }
  std::uint64_t value = 88172645463325252;
  for (int i = 0; i < 200'000; ++i) {
    value ^= value << 13;
    value ^= value >> 7;
    value ^= value << 17;
    const auto cut = value >> (i % 64);
    if (decimal(cut) != std::to_string(cut)) FAIL(cut);
  }
}

TEST_CASE("base64 of every length reads back as it was") {
  tl::Bytes bytes;
  for (std::size_t size = 0; size < 70; ++size) {
    std::string text;
    tl::append_base64(bytes, text);
    REQUIRE(text.size() == tl::base64_size(size));
    tl::Bytes back;
    REQUIRE(tl::decode_base64(text, back));
    REQUIRE(back == bytes);
    bytes.push_back(static_cast<std::uint8_t>(size * 89 + 200));
  }
}

TEST_CASE("names and keys longer than a copy of one piece stand whole") {
  for (const std::size_t size : {1, 8, 26, 27, 28, 29, 30, 31, 32, 33, 100}) {
    const std::string name(size, 'n');
    const auto schema = support::small_schema("c" + name + "#1 " + name + ":int = A;");
    CHECK(codec_test::decode(*schema, "A", support::unhex("0100000007000000")) ==
          "{\"_cons\":\"c" + name + "\",\"" + name + "\":7}");
  }
}

TEST_CASE("a buffer grows under many small pieces without losing one") {
  tl::Bytes bytes;
  tl::Writer write(bytes);
  write.vector(20000);
  std::string expected = R"({"_cons":"vector","_items":[)";
  for (std::int64_t i = 0; i < 20000; ++i) {
    const auto value = i % 3 == 0 ? INT64_MIN + i : i * i;
    write.int64(value);
    if (i != 0) expected += ',';
    expected += std::to_string(value);
  }
  CHECK(codec_test::decode(support::api_schema(), "Vector<long>", bytes) == expected + "]}");
}
