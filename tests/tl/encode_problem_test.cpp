// What is refused, where, and in which words.
#include <catch2/catch.hpp>

#include "tests/tl/codec_helpers.hpp"

using namespace codec_test;
using Kind = tl::Problem::Kind;

namespace {

const tl::Schema& api() { return support::api_schema(); }

struct Refused {
  std::string what;  // "type /path" or "scheme /path"
  std::string text;
};

Refused refused(const Encoded& encoded) {
  if (encoded.result) return {"taken", ""};
  CHECK(encoded.bytes.empty());
  const auto& problem = encoded.result.error();
  return {(problem.kind == Kind::type ? "type " : "scheme ") + problem.path, problem.text};
}

Refused whole(std::string_view text) { return refused(encode(api(), text)); }
Refused as(std::string_view type, std::string_view text) {
  return refused(encode_as(api(), type, text));
}

bool tells(const Refused& refused, std::string_view part) {
  if (refused.text.find(part) != std::string::npos) return true;
  UNSCOPED_INFO(refused.text);
  return false;
}

std::string send(std::string_view more) {
  return R"({"_cons":"messages.sendMessage","message":"x","random_id":1,)" + std::string(more) +
         "}";
}

}  // namespace

TEST_CASE("an unknown name tells the nearest known") {
  auto problem = whole(R"({"_cons":"messages.sendMesage"})");
  CHECK(problem.what == "scheme /_cons");
  CHECK(tells(problem, "\"messages.sendMessage\""));
  problem = whole(R"({"_":"sendMessage"})");
  CHECK(problem.what == "scheme /_");
  CHECK(tells(problem, "\"messages.sendMessage\""));
  problem = whole(send(R"("peer":{"_cons":"inputPeerUsr","user_id":1,"access_hash":1})"));
  CHECK(problem.what == "scheme /peer/_cons");
  CHECK(tells(problem, "InputPeer is due"));
  CHECK(tells(problem, "\"inputPeerUser\""));
  CHECK(whole(R"({"_cons":"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"})").what == "scheme /_cons");
  CHECK(whole(R"({"_cons":")" + std::string(100000, 'x') + "\"}").text.size() < 300);
}

TEST_CASE("an unknown field tells the nearest known") {
  const auto problem = whole(send(R"("peer":"me","silnt":true)"));
  CHECK(problem.what == "scheme /silnt");
  CHECK(tells(problem, "\"silent\""));
  CHECK(whole(send(R"("peer":{"_cons":"inputPeerUser","user_id":1,"access_hash":1,"x/y~":1})"))
            .what == "scheme /peer/x~1y~0");
}

TEST_CASE("a missing field is named with its type") {
  const auto problem = whole(R"({"_cons":"messages.sendMessage","message":"x","random_id":1})");
  CHECK(problem.what == "scheme /peer");
  CHECK(tells(problem, "InputPeer is due"));
  CHECK(whole(send(R"("peer":null)")).what == "scheme /peer");
  CHECK(whole(send(R"("peer":{"_cons":"inputPeerUser","user_id":1})")).what ==
        "scheme /peer/access_hash");
  CHECK(whole(R"({"_cons":"account.deleteAccount"})").what == "scheme /reason");
}

TEST_CASE("a constructor of another type is refused") {
  auto problem = whole(send(R"("peer":{"_cons":"inputUserSelf"})"));
  CHECK(problem.what == "scheme /peer/_cons");
  CHECK(tells(problem, "InputPeer is due"));
  CHECK(tells(problem, "InputUser"));
  CHECK(whole(send(R"("peer":{"_cons":"help.getConfig"})")).what == "scheme /peer/_cons");
  CHECK(whole(send(R"("peer":"me","entities":[{"_cons":"messageEntityBold","offset":0,"length":1},)"
                   R"({"_cons":"inputPeerSelf"}])"))
            .what == "scheme /entities/1/_cons");
  CHECK(as("Bool", R"({"_cons":"true"})").what == "scheme /_cons");
  CHECK(whole(send(R"("peer":"me","silent":{"_cons":"boolTrue"})")).what == "scheme /silent/_cons");
}

TEST_CASE("an object without a constructor's name is refused") {
  CHECK(whole("{}").what == "scheme /_cons");
  CHECK(whole(R"({"_cons":null})").what == "scheme /_cons");
  CHECK(whole(R"({"_cons":5})").what == "type /_cons");
  CHECK(whole(send(R"("peer":{"user_id":5})")).what == "scheme /peer/_cons");
}

TEST_CASE("naming a computed flags field is refused, and the plain names of flags are not") {
  CHECK(whole(send(R"("peer":"me","flags":1)")).what == "scheme /flags");
  CHECK(whole(R"({"_cons":"channelFull","flags2":0})").what == "scheme /flags2");
  CHECK(whole(send(R"("peer":"me","flags":null)")).what == "taken");
}

TEST_CASE("a value of the wrong JSON type is refused") {
  CHECK(whole("[]").what == "type ");
  CHECK(whole("\"help.getConfig\"").what == "type ");
  CHECK(whole("5").what == "type ");
  CHECK(whole(send(R"("peer":5)")).what == "type /peer");
  CHECK(whole(send(R"("peer":[])")).what == "type /peer");
  CHECK(whole(send(R"("peer":"me","silent":1)")).what == "type /silent");
  CHECK(whole(send(R"("peer":"me","silent":"true")")).what == "type /silent");
  CHECK(whole(send(R"("peer":"me","message":5)")).what == "type /message");
  CHECK(whole(send(R"("peer":"me","entities":{"a":1})")).what == "type /entities");
  CHECK(whole(send(R"("peer":"me","entities":[5])")).what == "type /entities/0");
  CHECK(whole(send(R"("peer":{"_cons":"inputPeerUser","user_id":true,"access_hash":1})")).what ==
        "type /peer/user_id");
  CHECK(as("Bool", "1").what == "type ");
  CHECK(as("double", "\"1.5\"").what == "type ");
  CHECK(as("double", "[1,2]").what == "type ");
  CHECK(as("double", "[]").what == "type ");
  CHECK(as("double", "[[1]]").what == "type ");
  CHECK(as("string", "true").what == "type ");
  CHECK(as("string", R"({"_bytes":5})").what == "type ");
  CHECK(as("string", R"({"_bytes":"*"})").what == "type /_bytes");
  CHECK(as("bytes", "\"*\"").what == "type ");
  CHECK(as("bytes", "5").what == "type ");
  CHECK(as("int128", "\"AAAA\"").what == "type ");
  CHECK(as("Vector<int>", "5").what == "type ");
}

TEST_CASE("integers out of range or with a fraction are refused") {
  for (const auto* text : {"2147483648", "-2147483649", "1.5", "1e10", "1E-1", "\"1.0\"", "\"\"",
                           "\"x\"", "\" 1\"", "99999999999999999999", "null", "[1]", "true"}) {
    CAPTURE(text);
    CHECK(as("int", text).what == "type ");
  }
  for (const auto* text : {"18446744073709551616", "-9223372036854775809", "1.5", "1e-2",
                           "\"18446744073709551616\"", "\"1e2\"", "\"+1\""}) {
    CAPTURE(text);
    CHECK(as("long", text).what == "type ");
  }
  for (const auto* text : {"-1", "4294967296", "1.5", "-1e0"}) {
    CAPTURE(text);
    CHECK(as("#", text).what == "type ");
  }
  CHECK(as("double", "1e400").what == "type ");
}

TEST_CASE("a long that lost digits on its way is refused, with what helps") {
  const std::string lost =
      R"( lost digits on its way; {"options":{"json":"plain"}} gives longs as strings)";
  for (const std::string text : {"7.32273601984208e18", "-9.007199254740994e15", "1e18",
                                 "9007199254740993.0", "9223372036854775807.0"}) {
    CAPTURE(text);
    CHECK(as("long", text).text == "long is due, and " + text + lost);
  }
  CHECK(as("int", "7.32273601984208e18").text == "out of the range of int");
  CHECK(as("long", "1e30").text == "out of the range of long");
  CHECK(as("long", "1e999999999").text == "out of the range of long");
  CHECK(as("long", "0.5").text == "long is due, which has no fraction");
}

TEST_CASE("a string of 2^24 bytes or more is refused, one byte less is taken") {
  const std::string most((1U << 24) - 1, 'a');
  CHECK(as("string", "\"" + most + "\"").what == "taken");
  CHECK(as("string", "\"" + most + "a\"").what == "type ");
  CHECK(as("bytes", "\"" + std::string((1U << 24) / 3 * 4 + 4, 'a') + "\"").what == "type ");
}

TEST_CASE("a wrapper wants a function") {
  CHECK(whole(R"({"_cons":"invokeWithLayer","layer":1,"query":{"_cons":"inputPeerSelf"}})").what ==
        "scheme /query/_cons");
  CHECK(
      whole(R"({"_cons":"invokeWithLayer","layer":1,"_wrapped":{"_cons":"help.getConfg"}})").what ==
      "scheme /_wrapped/_cons");
  CHECK(whole(R"({"_cons":"invokeWithLayer","layer":1,"query":true})").what == "type /query");
  CHECK(whole(R"({"_cons":"invokeWithLayer","layer":1})").what == "scheme /query");
}

TEST_CASE("nesting of values is bounded") {
  std::string text = R"({"_cons":"help.getConfig"})";
  for (int i = 0; i < 100; ++i) {
    text = R"({"_cons":"invokeWithLayer","layer":1,"query":)" + text + "}";
  }
  CHECK(whole(text).what == "taken");
  std::pmr::monotonic_buffer_resource arena;
  const tl::Builder build(arena);
  auto deep = build.object("jsonNull", {});
  for (int i = 0; i < 100000; ++i) {
    deep = build.object("invokeWithLayer", {{"layer", tl::Value::integer(1)}, {"query", deep}});
  }
  tl::Bytes out;
  const auto result = tl::encode(api(), deep, {}, out);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().text == "nested too deep");
  CHECK(out.empty());
}

TEST_CASE("of many unknown fields the first hundred are listed, and the others counted") {
  std::string text = R"({"_cons":"help.getNearestDc")";
  for (int i = 0; i < 1000; ++i) text += ",\"unknown" + std::to_string(i) + "\":1";
  text += ",\"" + std::string(100'000, 'x') + "\":1}";
  tl::EncodeOptions options;
  options.ignore_unknown = true;
  const auto encoded = encode(api(), text, options);
  REQUIRE(encoded.result.has_value());
  CHECK(encoded.result->ignored.size() == 100);
  CHECK(encoded.result->ignored_more == 901);
}

TEST_CASE("a pointer quotes at most 200 bytes of a name") {
  tl::EncodeOptions options;
  options.ignore_unknown = true;
  const auto pointer = [&](const std::string& name) {
    return encode(api(), "{\"_cons\":\"ping\",\"ping_id\":1,\"" + name + "\":1}", options)
        .result->ignored.at(0);
  };
  CHECK(pointer(std::string(200, 'x')) == "/" + std::string(200, 'x'));
  CHECK(pointer(std::string(201, 'x')) == "/" + std::string(197, 'x') + "\xE2\x80\xA6");
  CHECK(pointer(std::string(150, '/')).size() <= 201);
  CHECK(pointer(std::string(198, 'x') + "\xC3\xA9\xC3\xA9") ==
        "/" + std::string(197, 'x') + "\xE2\x80\xA6");
}

TEST_CASE("a message that becomes longer than it may is given up on the way") {
  tl::EncodeOptions options;
  options.longest = 1000;
  std::string ids = "1";
  for (int i = 0; i < 300; ++i) ids += ",1";
  const auto encoded =
      encode(api(), R"({"_cons":"messages.getMessages","id":[{"_cons":"inputMessageID","id":1}]})",
             options);
  CHECK(encoded.result.has_value());
  const auto wrong =
      refused(encode(api(), "{\"_cons\":\"msgs_ack\",\"msg_ids\":[" + ids + "]}", options));
  CHECK(wrong.what == "type /msg_ids");
  CHECK(tells(wrong, "longer than can be sent"));
}

TEST_CASE("of many names to be looked up no more than that are collected than may be asked") {
  std::string users = "\"@user0\"";
  for (int i = 1; i < 5000; ++i) users += ",\"@user" + std::to_string(i) + "\"";
  Book book;
  tl::EncodeOptions options;
  options.peers = &book;
  const auto encoded =
      encode(api(), "{\"_cons\":\"users.getUsers\",\"id\":[" + users + "]}", options);
  REQUIRE(encoded.result.has_value());
  CHECK(encoded.result->lacking.size() == tl::Encoding::max_lacking);
}
