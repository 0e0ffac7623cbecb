#include "tl/utf8.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "tl/utf8_check.hpp"

using tl::is_utf8;
using tl::utf8_length;

namespace {

// As is_utf8() does it where there is no SSE2.
bool is_utf8_by_words(std::string_view text) {
  tl::WordUtf8Check check;
  for (; text.size() >= tl::WordBlock::size; text.remove_prefix(tl::WordBlock::size)) {
    check.block(tl::WordBlock(text.data()));
  }
  if (!text.empty()) check.block(tl::WordBlock(text.data(), text.size()));
  return check.good();
}

}  // namespace

TEST_CASE("blocks of sixteen bytes and of eight say of every sequence what the slow way says") {
  // One byte on each side of every border that RFC 3629 draws.
  const std::string edges =
      "\x41\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xe1\xec\xed\xee\xef\xf0\xf1\xf3\xf4\xf5"
      "\xff";
  std::size_t good = 0;
  std::size_t different = 0;
  for (const std::size_t before : {0, 5, 6, 7, 12, 13, 14, 15, 16}) {
    std::string text(before, 'x');
    text.resize(before + 4);
    for (const char a : edges) {
      for (const char b : edges) {
        for (const char c : edges) {
          for (const char d : edges) {
            text[before] = a;
            text[before + 1] = b;
            text[before + 2] = c;
            text[before + 3] = d;
            const bool expected = utf8_length(text) == text.size();
            good += expected ? 1 : 0;
            different += is_utf8(text) != expected ? 1 : 0;
            different += is_utf8_by_words(text) != expected ? 1 : 0;
          }
        }
      }
    }
  }
  CHECK(different == 0);
  CHECK(good > 10000);
}

TEST_CASE("a sequence cut at any place of a text of any length is no UTF-8") {
  for (const std::string tail : {"\xc3\xa9", "\xe2\x82\xac", "\xed\x9f\xbf", "\xf0\x9f\x98\x80"}) {
    for (std::size_t before = 0; before < 40; ++before) {
      const auto whole = std::string(before, 'a') + tail;
      REQUIRE(is_utf8(whole));
      REQUIRE(is_utf8(whole + std::string(before, 'z')));
      for (std::size_t cut = 1; cut < tail.size(); ++cut) {
        const auto text = whole.substr(0, whole.size() - cut);
        REQUIRE_FALSE(is_utf8(text));
        REQUIRE_FALSE(is_utf8(text + "zzzzzzzzzzzzzzzzzzzz"));
        REQUIRE(utf8_length(text) == before);
      }
    }
  }
  CHECK(is_utf8(""));
}
