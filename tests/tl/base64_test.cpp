#include "tl/base64.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/support/hex.hpp"
#include "tl/base64_ways.hpp"

namespace {

std::string encoded(std::string_view text) {
  std::string out;
  tl::append_base64(tl::as_bytes(text), out);
  return out;
}

std::string decoded(std::string_view text) {
  tl::Bytes out;
  if (!tl::decode_base64(text, out)) return "refused";
  return std::string(tl::as_text(out));
}

}  // namespace

TEST_CASE("base64 is written as RFC 4648 shows") {
  CHECK(encoded("") == "");
  CHECK(encoded("f") == "Zg==");
  CHECK(encoded("fo") == "Zm8=");
  CHECK(encoded("foo") == "Zm9v");
  CHECK(encoded("foob") == "Zm9vYg==");
  CHECK(encoded("fooba") == "Zm9vYmE=");
  CHECK(encoded("foobar") == "Zm9vYmFy");
  CHECK(encoded("\xfb\xff") == "+/8=");
}

TEST_CASE("base64 is the same with the processor's instructions and without") {
  if (!tl::base64::has_instructions()) return;
  tl::Bytes bytes;
  for (int size = 0; size < 300; ++size) {
    const auto whole = tl::base64_size(bytes.size());
    std::string by_table(whole, '?'), chosen(whole + 1, '?');
    CHECK(tl::base64::write_by_table(bytes, by_table.data()) == by_table.data() + whole);
    CHECK(tl::write_base64(bytes, chosen.data()) == chosen.data() + whole);
    CHECK(chosen == by_table + '?');
    tl::Bytes back;
    CHECK(tl::decode_base64(by_table, back));
    CHECK(back == bytes);
    bytes.push_back(static_cast<std::uint8_t>(size * size / 3 + size));
  }
}

TEST_CASE("base64 is read the same with the processor's instructions and without") {
  if (!tl::base64::has_instructions()) return;
  std::string digits(24, 'A');
  for (std::size_t place = 0; place < 16; ++place) {
    for (int character = 0; character < 256; ++character) {
      CAPTURE(place, character);
      digits[place] = static_cast<char>(character);
      std::uint8_t by_table[18], by_blocks[18];
      const bool right = tl::base64::read_by_table(digits, by_table);
      CHECK(tl::base64::read_blocks(digits, by_blocks) == (right ? 16 : 0));
      if (right) CHECK(std::equal(by_table, by_table + 12, by_blocks));
    }
    digits[place] = "Az09+/-_b5"[place % 10];
  }
}

TEST_CASE("what is no digit of base64 is found wherever it stands") {
  for (std::size_t size = 1; size < 90; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      CAPTURE(size, place);
      std::string digits(size, 'x');
      digits[place] = '.';
      tl::Bytes out;
      CHECK_FALSE(tl::decode_base64(digits, out));
      CHECK(out.empty());
    }
  }
}

TEST_CASE("each digit of base64 is written in each place") {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t turn = 0; turn < 64; ++turn) {
    const auto text = alphabet.substr(turn) + alphabet.substr(0, turn);
    CHECK(encoded(decoded(text)) == text);
  }
}

TEST_CASE("base64 is read in either alphabet, padded or not") {
  CHECK(decoded("Zg==") == "f");
  CHECK(decoded("Zg") == "f");
  CHECK(decoded("Zm8=") == "fo");
  CHECK(decoded("Zm8") == "fo");
  CHECK(decoded("+/8=") == "\xfb\xff");
  CHECK(decoded("-_8") == "\xfb\xff");
  CHECK(decoded("") == "");
}

TEST_CASE("what is no base64 is refused and leaves nothing behind") {
  for (const auto* text : {"Z", "Zg=", "Z===", "=", "Zg==Zg==", "Zm 8", "Zm9v\n", "Zm9*", "é"}) {
    CAPTURE(text);
    tl::Bytes out{7};
    CHECK_FALSE(tl::decode_base64(text, out));
    CHECK(out == tl::Bytes{7});
  }
}
