#include "server/protocol/message_text.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "server/channel/object_text.hpp"
#include "server/connection/encode_work.hpp"
#include "tests/support/api_schema.hpp"
#include "tests/support/scripted_random.hpp"
#include "tl/json_reader.hpp"

using namespace server;

namespace {

std::string found(std::string_view object) {
  std::pmr::monotonic_buffer_resource arena;
  const auto plain = read_plain(object, arena);
  return plain ? std::string(plain->text) : "none";
}

// What a message comes to, in words: its bytes, or what is wrong with it.
std::string encoded(const tl::Value& message, bool ignore_unknown) {
  support::ScriptedRandom random;
  tl::EncodeOptions how;
  how.random = &random;
  how.ignore_unknown = ignore_unknown;
  const auto done = encode_message(support::api_schema(), message, how, {});
  auto out = done.name + (done.seqno.is_null() ? " " : " seqno ");
  if (!done.encoding) return out + done.encoding.error().path + ": " + done.encoding.error().text;
  for (const auto& path : done.encoding->ignored) out += path + " ";
  for (const auto number : done.encoding->drawn) out += std::to_string(number) + " ";
  return out + std::string(tl::as_text(done.body));
}

}  // namespace

TEST_CASE("The message of a request is found in its text") {
  CHECK(found(R"({"id":7,"message":{"_cons":"help.getConfig"}})") ==
        R"({"_cons":"help.getConfig"})");
  CHECK(
      found(" { \"message\" : { \"_cons\" : \"x\" , \"a\" : [ 1 , {} ] } , \"id\" : \"y\" } \n") ==
      "{ \"_cons\" : \"x\" , \"a\" : [ 1 , {} ] }");
  CHECK(found(R"({"message":{"_cons":"x","text":"}\"\\"},"options":{"message":5}})") ==
        R"({"_cons":"x","text":"}\"\\"})");
}

TEST_CASE("A message is read into values where anything about it is not plain") {
  for (const auto* text : {"",
                           "{",
                           "{}",
                           "[]",
                           "7",
                           R"({"message":5})",
                           R"({"message":{}})",
                           R"({"message":[]})",
                           R"({"message":{"_cons":5}})",
                           R"({"message":{"a":1,"_cons":"x"}})",
                           R"({"message":{"_cons":"x","_cons":"y"}})",
                           R"({"message":{"_cons":"x","_seqno":1}})",
                           R"({"message":{"_cons":"x","@type":"y"}})",
                           R"({"message":{"_":"x"}})",
                           R"({"message":{"_cons":"x","\u005fcons":"y"}})",
                           R"({"message":{"_cons":"\u0078"}})",
                           R"({"message":{"_cons":"x"},"message":{"_cons":"x"}})",
                           R"({"m\u0065ssage":{"_cons":"x"}})",
                           R"({"message":{"_cons":"x"})",
                           R"({"message":{"_cons":"x"}}})",
                           R"({"message":{"_cons":"x"},})",
                           R"({"message":{"_cons":"x","a":01}})",
                           R"({"message":{"_cons":"x","a":1e7480093121}})",
                           R"({"message":{"_cons":"x","a":"\ud800"}})",
                           "{\"message\":{\"_cons\":\"x\",\"a\":\"\xff\"}}",
                           "{\"message\":{\"_cons\":\"x\",\"a\":\"\n\"}}",
                           R"({"message":{"_cons":"x","a":tru}})",
                           R"({"message":{"_cons":"x","a":[1,]}})"}) {
    CHECK(found(text) == "none");
  }
  const auto nested = [](std::size_t depth) {
    return R"({"message":{"_cons":"x","a":)" + std::string(depth, '[') + std::string(depth, ']') +
           "}}";
  };
  CHECK(found(nested(64)) != "none");
  CHECK(found(nested(65)) == "none");
  CHECK(found(nested(60000)) == "none");
}

TEST_CASE("A message comes to the same from its text and from its values") {
  for (const auto* text :
       {R"({"_cons":"messages.sendMessage","peer":"me","message":"x"})",
        R"({"_cons":"messages.sendMessage","peer":"me","message":"x","random_id":5})",
        R"({"_cons":"messages.sendMessage","peer":"@ada","message":"x"})",
        R"({"_cons":"messages.sendMessage","peer":7,"message":"x"})",
        R"({"_cons":"messages.sendMessage","peer":"me","mesage":"x"})",
        R"({"_cons":"messages.sendMessage","peer":"me","message":"x","silent":5})",
        R"({"_cons":"messages.sendMessage","peer":"me","message":"x","silent":null})",
        R"({"_cons":"messages.forwardMessages","from_peer":"me","to_peer":"me","id":[1,2]})",
        R"({"_cons":"messages.getHistory","peer":"me","limit":4294967296})",
        R"({"_cons":"invokeWithLayer","layer":177,"query":{"_cons":"help.getConfig"}})",
        R"({"_cons":"inputPeerSelf"})", R"({"_cons":"no.such"})"}) {
    INFO(text);
    std::pmr::monotonic_buffer_resource arena;
    const auto value = *tl::read_json(text, arena);
    REQUIRE(found(R"({"message":)" + std::string(text) + "}") == text);
    for (const bool ignore : {false, true}) {
      CHECK(encoded(unread_message(text), ignore) == encoded(value, ignore));
    }
    CHECK(message_name(unread_message(text)) == value.constructor());
    CHECK(message_name(value) == value.constructor());
  }
}

TEST_CASE("What stands around a message is what it is in the whole") {
  for (const auto* around :
       {R"("id":7)", R"("id":-7)", R"("id":0)", R"("id":-0)", R"("id":"x")", R"("id":"\u0078")",
        R"("id":9223372036854775808)", R"("id":7.0)", R"("id":1e3)", R"("id":true)", R"("id":null)",
        R"("options":{"json":"plain"},"after":[1,"2"])", R"("id":1,"id":2)",
        R"("@extra":[[[]]])"}) {
    const auto text = "{" + std::string(around) + R"(,"message":{"_cons":"x"}})";
    INFO(text);
    std::pmr::monotonic_buffer_resource arena;
    const auto plain = read_plain(text, arena);
    const auto whole = tl::read_json(text, arena);
    REQUIRE(plain);
    REQUIRE(plain->members.size() == whole->members().size());
    for (std::size_t i = 0; i < plain->members.size(); ++i) {
      if (i == plain->message) continue;
      std::string from_parts, from_whole;
      tl::write_json(plain->members[i].value, from_parts);
      tl::write_json(whole->members()[i].value, from_whole);
      CHECK(from_parts == from_whole);
      CHECK(plain->members[i].value.kind() == whole->members()[i].value.kind());
    }
  }
  CHECK(found(R"({"id":01,"message":{"_cons":"x"}})") == "none");
  CHECK(found("{\"id\":\"\xff\",\"message\":{\"_cons\":\"x\"}}") == "none");
}

TEST_CASE("A message that stayed text is put back where all of an object is looked at") {
  const std::string text = R"({"id":7,"message":{"_cons":"x","a":[1,2]},"dc":2})";
  MemoryMeter meter(std::size_t{1} << 20);
  channel::ObjectText whole(meter, 0);
  REQUIRE(whole.add(text));
  auto object = std::get<Incoming>(whole.finish(false));
  const auto shown = [&] {
    std::string out;
    tl::write_json(object.value, out);
    return out;
  };
  CHECK(is_unread(*object.request->message));
  CHECK(shown() == text);
  read_message(object);
  CHECK(object.request->message->constructor() == "x");
  CHECK(object.value["message"]["a"].items().size() == 2);
  CHECK(shown() == text);
}
