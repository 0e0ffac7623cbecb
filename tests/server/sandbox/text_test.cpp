#include <catch2/catch.hpp>

#include "server/sandbox/world/text.hpp"

using namespace server::sandbox;

namespace {

std::string found(const Formatted& text) {
  std::string out;
  for (const auto& entity : text.entities) {
    out += std::string(entity_name(entity.kind)).substr(13) + " " + std::to_string(entity.offset) +
           "+" + std::to_string(entity.length) + "; ";
  }
  return out;
}

}  // namespace

TEST_CASE("lengths count UTF-16 units") {
  CHECK(utf16_length("abc") == 3);
  CHECK(utf16_length("é") == 1);
  CHECK(utf16_length("€") == 1);
  CHECK(utf16_length("🙂") == 2);
}

TEST_CASE("bytes that are no UTF-8 are seen") {
  CHECK(is_utf8("aé€🙂"));
  CHECK_FALSE(is_utf8("\xc3"));
  CHECK_FALSE(is_utf8("\xc0\x80"));
  CHECK_FALSE(is_utf8("\xed\xa0\x80"));
  CHECK_FALSE(is_utf8("\xf4\x90\x80\x80"));
  CHECK_FALSE(is_utf8("\x80"));
}

TEST_CASE("links, names and the like get entities of their own") {
  CHECK(found(tidy("see https://example.org/a?b=c.", {})) == "Url 4+25; ");
  CHECK(found(tidy("🙂 @echobot", {})) == "Mention 3+8; ");
  CHECK(found(tidy("#one $USD /start ada@example.org", {})) ==
        "Hashtag 0+4; Cashtag 5+4; BotCommand 10+6; Email 17+15; ");
  CHECK(found(tidy("a/b c#d e@f #12 @x $us http:// /usr/bin", {})) == "");
  CHECK(found(tidy("<b>x</b> /a> </c /d< (/e)", {})) == "BotCommand 22+2; ");
}

TEST_CASE("a bot's command is of Latin letters, and is no part of a longer word, a path or a tag") {
  const std::string long_one(64, 'a');
  CHECK(found(tidy("/b@echobot, /c@ab", {})) == "BotCommand 0+10; ");
  CHECK(found(tidy("/пуск /startё /go🙂", {})) == "BotCommand 14+3; ");
  CHECK(found(tidy("/" + long_one, {})) == "BotCommand 0+65; ");
  CHECK(found(tidy("/" + long_one + "a", {})) == "");
  CHECK(found(tidy("/a@" + std::string(33, 'b'), {})) == "");
  CHECK(found(tidy("</b> /b> //b /b/c", {})) == "");
}

TEST_CASE("what the sender marked stays, moved with the text, and nothing lies over it") {
  const Entity code{Entity::Kind::code, 2, 8, {}, 0, false};
  const auto text = tidy("  @echobot  ", {code});
  CHECK(text.text == "@echobot");
  CHECK(found(text) == "Code 0+8; ");
  CHECK(found(tidy("ab", {{Entity::Kind::bold, 1, 100, {}, 0, false}})) == "Bold 1+1; ");
  CHECK(found(tidy("ab", {{Entity::Kind::bold, 5, 1, {}, 0, false}})) == "");
}
