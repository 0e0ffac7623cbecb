#include "tl/pasted_text.hpp"

#include <catch2/catch.hpp>

using tl::Stray;
using tl::trimmed_of;
using tl::without;

TEST_CASE("what comes along with pasted text is left out by its kind") {
  CHECK(without(" 1\t2\r\n3\u00A04\u20035\u2028", Stray::blanks) == "12345");
  CHECK(without("\uFEFF1\u200B2\u202A3\u202C4\u20605\x01\x7F", Stray::marks) == "12345");
  CHECK(without("\"1'2`\u201C3\u201D\u00AB4\u00BB", Stray::quotes) == "1234");
  CHECK(without("1-2\u20103\u20134\u20145\u22126\uFF0D", Stray::dashes) == "123456");
  CHECK(without("a-b 'c'", Stray::marks) == "a-b 'c'");
  CHECK(without("\u0439\u65E5\U0001F600", Stray::blanks | Stray::marks | Stray::quotes |
                                              Stray::dashes) == "\u0439\u65E5\U0001F600");
  CHECK(without("", Stray::blanks).empty());
}

TEST_CASE("bytes that are no UTF-8 are nobody's marks") {
  CHECK(without("\xFF \xE2\x80", Stray::blanks | Stray::marks) == "\xFF\xE2\x80");
}

TEST_CASE("only what stands at the ends is trimmed") {
  CHECK(trimmed_of("\uFEFF \"a \"b\"\r\n", Stray::blanks | Stray::marks | Stray::quotes) ==
        "a \"b");
  CHECK(trimmed_of(" \n", Stray::blanks).empty());
  CHECK(trimmed_of("", Stray::blanks).empty());
  CHECK(trimmed_of("x", Stray::blanks) == "x");
}
