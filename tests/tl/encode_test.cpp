// What JSON may be, and which bytes it is.
#include <catch2/catch.hpp>

#include "tests/tl/codec_helpers.hpp"

using namespace codec_test;

namespace {

const tl::Schema& api() { return support::api_schema(); }

std::string as(std::string_view type, std::string_view text) {
  return bytes_of(encode_as(api(), type, text));
}

std::string whole(std::string_view text) { return bytes_of(encode(api(), text)); }

}  // namespace

TEST_CASE("scalars are the known bytes") {
  CHECK(as("long", "1") == "0100000000000000");
  CHECK(as("double", "1.5") == "000000000000f83f");
  CHECK(as("Vector<int>", "[1,2]") == "15c4b51c020000000100000002000000");
  CHECK(as("bytes", "\"AQIDBA==\"") == "0401020304000000");
  CHECK(as("string", "\"\"") == "00000000");
  CHECK(as("Bool", "true") == "b5757299");
  CHECK(as("int128", "\"AAECAwQFBgcICQoLDA0ODw==\"") == "000102030405060708090a0b0c0d0e0f");
}

TEST_CASE("a long is signed or unsigned, a number or a decimal string") {
  CHECK(as("long", "-1") == "ffffffffffffffff");
  CHECK(as("long", "18446744073709551615") == "ffffffffffffffff");
  CHECK(as("long", "\"18446744073709551615\"") == "ffffffffffffffff");
  CHECK(as("long", "\"-9223372036854775808\"") == "0000000000000080");
  CHECK(as("long", "9223372036854775808") == "0000000000000080");
  CHECK(as("long", "9007199254740993") == "0100000000002000");
  CHECK(as("int", "\"-2147483648\"") == "00000080");
}

TEST_CASE("a number is its value, however it is written") {
  CHECK(as("int", "4.0") == as("int", "4"));
  CHECK(as("int", "1E2") == as("int", "100"));
  CHECK(as("#", "1e5") == as("#", "100000"));
  CHECK(as("long", "9.996620001E9") == as("long", "9996620001"));
  CHECK(as("long", "-12.50e1") == as("long", "-125"));
}

TEST_CASE("a double is exact, in an array of one, and beyond numbers by name") {
  CHECK(as("double", "0.1") == "9a9999999999b93f");
  CHECK(as("double", "[0.1]") == "9a9999999999b93f");
  CHECK(as("double", "2") == "0000000000000040");
  CHECK(as("double", "1e-400") == "0000000000000000");
  CHECK(as("double", "5e-324") == "0100000000000000");
  CHECK(as("double", "9007199254740993") == "0000000000004043");
  CHECK(as("double", "\"Infinity\"") == "000000000000f07f");
  CHECK(as("double", "\"-Infinity\"") == "000000000000f0ff");
  CHECK(as("double", "\"NaN\"") == "000000000000f87f");
}

TEST_CASE("the constructor is named by _cons, _ or @type") {
  const auto known = whole(R"({"_cons":"ping","ping_id":1})");
  CHECK(known == "ec77be7a0100000000000000");
  CHECK(whole(R"({"_":"ping","ping_id":1})") == known);
  CHECK(whole(R"({"@type":"ping","ping_id":1})") == known);
  CHECK(whole(R"({"ping_id":1,"_cons":"ping"})") == known);
  CHECK(whole(R"({"_cons":"pong","_":"ping","ping_id":1})") == known);
}

TEST_CASE("bytes in either alphabet, padded or not, and as _bytes") {
  for (const auto* text : {R"("+/8=")", R"("-_8")", R"("+/8")", R"({"_bytes":"+/8="})"}) {
    CHECK(as("bytes", text) == "02fbff00");
    CHECK(as("string", R"({"_bytes":"-_8="})") == "02fbff00");
  }
  CHECK(as("string", R"("a\u0000\u00e9")") == "046100c3a9000000");
}

TEST_CASE("a flag of type true is given as true or an object, and unset as false") {
  const std::string head = R"({"_cons":"messages.deleteMessages","id":[5])";
  const auto set = whole(head + R"(,"revoke":true})");
  const auto unset = whole(head + "}");
  CHECK(set ==
        "d2958ee5"
        "01000000"
        "15c4b51c0100000005000000");
  CHECK(unset ==
        "d2958ee5"
        "00000000"
        "15c4b51c0100000005000000");
  CHECK(whole(head + R"(,"revoke":{"_cons":"true"}})") == set);
  CHECK(whole(head + R"(,"revoke":{"_":"true"}})") == set);
  CHECK(whole(head + R"(,"revoke":false})") == unset);
  CHECK(whole(head + R"(,"revoke":null})") == unset);
}

TEST_CASE("of a key given twice the last counts, and null means absent") {
  const auto one = whole(R"({"_cons":"ping","ping_id":1})");
  CHECK(whole(R"({"_cons":"ping","ping_id":7,"ping_id":1})") == one);
  CHECK(whole(R"({"_cons":"pong","ping_id":1,"_cons":"ping"})") == one);
  CHECK(whole(R"({"_cons":"ping","ping_id":1,"nonsense":null})") == one);
  const auto problem = encode(api(), R"({"_cons":"ping","ping_id":1,"ping_id":null})");
  REQUIRE_FALSE(problem.result.has_value());
  CHECK(problem.result.error().path == "/ping_id");
}

TEST_CASE("Bool is true, false or its constructor") {
  CHECK(as("Bool", R"({"_cons":"boolTrue"})") == "b5757299");
  CHECK(as("Bool", R"({"_":"boolFalse"})") == "379779bc");
  CHECK(as("Bool", "false") == "379779bc");
  CHECK(whole(R"({"_cons":"boolTrue"})") == "b5757299");
}

TEST_CASE("a vector is an array, or what a whole answer shows") {
  CHECK(as("Vector<long>", "[1]") == as("Vector<long>", R"({"_cons":"vector","_items":[1]})"));
  CHECK(as("Vector<long>", "[]") == "15c4b51c00000000");
}

TEST_CASE("an empty object is an empty vector, and no other object is") {
  CHECK(as("Vector<int>", "{}") == as("Vector<int>", "[]"));
  CHECK(as("Vector<int>", R"({"_cons":"vector","_items":{}})") == as("Vector<int>", "[]"));
  CHECK(as("Vector<int>", R"({"a":1})").starts_with(": "));
  CHECK(as("Vector<int>", R"({"_cons":"vector"})").starts_with(": "));
}

TEST_CASE("the first long of an answer's that looks rounded is told") {
  const auto rounded = [](std::string_view user_id, std::string_view hash) {
    const auto text = R"({"_cons":"inputUser","user_id":)" + std::string(user_id) +
                      R"(,"access_hash":)" + std::string(hash) + "}";
    return encode(api(), text).result->rounded;
  };
  const auto found = rounded("7", "7322736019842080000");
  REQUIRE(found);
  CHECK(found->value == 7322736019842080000);
  CHECK(found->field == "access_hash");
  CHECK(rounded("9007199254740994", "-7322736019842080000")->field == "user_id");
  CHECK_FALSE(rounded("7", "7322736019842080123"));
  CHECK_FALSE(rounded("7", "9007199254740992"));
  CHECK_FALSE(rounded("7", "\"7322736019842080000\""));
}

TEST_CASE("flags are computed, each word for itself") {
  const auto schema = support::small_schema(
      "a#1 flags:# flags2:# x:flags.0?true y:flags2.31?int z:flags.3?int = A;\n"
      "b#2 flags:# more:flags.1?# x:more.4?int y:flags.0?string = B;");
  CHECK(bytes_of(encode(*schema, R"({"_cons":"a"})")) ==
        "01000000"
        "00000000"
        "00000000");
  CHECK(bytes_of(encode(*schema, R"({"_cons":"a","z":2,"y":1,"x":true})")) ==
        "01000000"
        "09000000"
        "00000080"
        "01000000"
        "02000000");
  CHECK(bytes_of(encode(*schema, R"({"_cons":"b"})")) ==
        "02000000"
        "00000000");
  CHECK(bytes_of(encode(*schema, R"({"_cons":"b","x":5})")) ==
        "02000000"
        "02000000"
        "10000000"
        "05000000");
  CHECK(decode(*schema, "B", support::unhex("02000000020000001000000005000000")) ==
        R"({"_cons":"b","x":5})");
}

TEST_CASE("fields on one flag come all or none") {
  const auto schema = support::small_schema(
      "a#1 flags:# x:flags.0?int y:flags.0?int "
      "t:flags.0?true = A;");
  CHECK(encode(*schema, R"({"_cons":"a","x":1,"y":2})").result.has_value());
  const auto half = encode(*schema, R"({"_cons":"a","x":1})");
  REQUIRE_FALSE(half.result.has_value());
  CHECK(half.result.error().path == "/y");
  CHECK(half.result.error().kind == tl::Problem::Kind::scheme);
  const auto torn = encode(*schema, R"({"_cons":"a","x":1,"y":2,"t":false})");
  REQUIRE_FALSE(torn.result.has_value());
  CHECK(torn.result.error().path == "/t");
}

TEST_CASE("a plain int called flags is an ordinary field") {
  CHECK(whole(R"({"_cons":"auth.importBotAuthorization","flags":0,"api_id":1,"api_hash":"",)"
              R"("bot_auth_token":""})") ==
        "2cffa367"
        "00000000"
        "01000000"
        "00000000"
        "00000000");
}

TEST_CASE("a query inside a wrapper goes by its own name or _wrapped") {
  const auto own = encode(api(), R"({"_cons":"invokeWithLayer","layer":228,"query":)"
                                 R"({"_cons":"help.getConfig"}})");
  const auto wrapped = encode(api(), R"({"_cons":"invokeWithLayer","layer":228,"_wrapped":)"
                                     R"({"_cons":"help.getConfig"}})");
  CHECK(bytes_of(own) ==
        "0d0d9bda"
        "e4000000"
        "6b18f9c4");
  CHECK(wrapped.bytes == own.bytes);
}

TEST_CASE("an encoding names the wrapper, the query inside, its result and the layer's place") {
  const auto encoded =
      encode(api(), R"({"_cons":"invokeAfterMsg","msg_id":1,"query":{"_cons":"invokeWithLayer",)"
                    R"("layer":200,"query":{"_cons":"initConnection","api_id":1,"query":)"
                    R"({"_cons":"users.getUsers","id":["me"]}}}})");
  REQUIRE(encoded.result.has_value());
  CHECK(encoded.result->combinator->name == "invokeAfterMsg");
  CHECK(encoded.result->innermost->name == "users.getUsers");
  CHECK(api().describe(encoded.result->result) == "Vector<User>");
  REQUIRE(encoded.result->layer_at.has_value());
  CHECK(*encoded.result->layer_at == 16);
  CHECK(encoded.bytes[16] == 200);
  const auto plain = encode(api(), R"({"_cons":"help.getConfig"})");
  CHECK(plain.result->combinator == plain.result->innermost);
  CHECK(api().describe(plain.result->result) == "Config");
  CHECK_FALSE(plain.result->layer_at.has_value());
}

TEST_CASE("_seqno at the top is the caller's, below it is an unknown field") {
  CHECK(encode(api(), R"({"_cons":"ping","ping_id":1,"_seqno":5})").result.has_value());
  const auto below = encode(api(), R"({"_cons":"invokeWithLayer","layer":1,"query":)"
                                   R"({"_cons":"help.getConfig","_seqno":5}})");
  REQUIRE_FALSE(below.result.has_value());
  CHECK(below.result.error().path == "/query/_seqno");
}

TEST_CASE("unknown fields are dropped and listed where that is asked for") {
  tl::EncodeOptions options;
  options.ignore_unknown = true;
  const auto encoded =
      encode(api(),
             R"({"_cons":"messages.sendMessage","peer":{"_cons":"inputPeerSelf","a/b~c":1},)"
             R"("message":"x","random_id":1,"old":[1]})",
             options);
  REQUIRE(encoded.result.has_value());
  CHECK(encoded.result->ignored == std::vector<std::string>{"/old", "/peer/a~1b~0c"});
  CHECK(encoded.bytes == encode(api(), R"({"_cons":"messages.sendMessage","peer":"me",)"
                                       R"("message":"x","random_id":1})")
                             .bytes);
}

TEST_CASE("what is appended stands behind what was there, and a problem takes it back") {
  std::pmr::monotonic_buffer_resource arena;
  tl::Bytes out{1, 2, 3};
  REQUIRE(tl::encode(api(), json(R"({"_cons":"ping","ping_id":1})", arena), {}, out).has_value());
  CHECK(support::hex(out) ==
        "010203"
        "ec77be7a0100000000000000");
  CHECK_FALSE(
      tl::encode(api(), json(R"({"_cons":"ping","ping_id":"x"})", arena), {}, out).has_value());
  CHECK(out.size() == 15);
}

TEST_CASE("values that a program makes encode as those that a client wrote") {
  std::pmr::monotonic_buffer_resource arena;
  const tl::Builder build(arena);
  const tl::Bytes nonce(16, 7);
  tl::Bytes out;
  REQUIRE(
      tl::encode(api(), build.object("req_pq_multi", {{"nonce", tl::Value::bytes(nonce)}}), {}, out)
          .has_value());
  CHECK(support::hex(out) ==
        "f18e7ebe"
        "07070707070707070707070707070707");
  out.clear();
  REQUIRE(tl::encode_as(api(), *api().find_type("string"), tl::Value::bytes(nonce), {}, out)
              .has_value());
  CHECK(out.size() == 20);
}
