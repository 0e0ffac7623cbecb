#include "server/logs/terminal_text.hpp"

#include <catch2/catch.hpp>

using server::logs::escaped;
using server::logs::escaped_lines;

TEST_CASE("Text that moves nothing stays as it is") {
  for (const std::string_view text : {"", "GET /json", "Ärger – 日本語 😀 مرحبا", "a\\b \"c\""}) {
    CHECK(escaped(text) == text);
  }
}

TEST_CASE("Controls of all kinds are written out") {
  CHECK(escaped("a\x1b[31mb") == "a\\u001b[31mb");
  CHECK(escaped("one\ntwo\r\tthree") == "one\\ntwo\\u000d\\tthree");
  CHECK(escaped(std::string_view("\0\x7f", 2)) == "\\u0000\\u007f");
  CHECK(escaped("\xC2\x80\xC2\x9b\xC2\x9f\xC2\xA0") == "\\u0080\\u009b\\u009f\xC2\xA0");
  CHECK(escaped("\xD8\x9C\xE2\x80\x8E\xE2\x80\x8F") == "\\u061c\\u200e\\u200f");
  CHECK(escaped("\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA\xE2\x80\xAE\xE2\x80\xAF") ==
        "\\u2028\\u2029\\u202a\\u202e\xE2\x80\xAF");
  CHECK(escaped("\xE2\x81\xA6\xE2\x81\xA9\xE2\x81\xAA") == "\\u2066\\u2069\xE2\x81\xAA");
}

TEST_CASE("Bytes that are no UTF-8 are written out") {
  CHECK(escaped("a\x9b"
                "1m\xff\xC2") == "a\\x9b1m\\xff\\xc2");
}

TEST_CASE("Lines stay lines where they are meant") {
  CHECK(escaped_lines("one\n\xC2\x9btwo\n") == "one\n\\u009btwo\n");
}
