// Objects of clients into requests, and replies into objects. No connection.
#include <catch2/catch.hpp>
#include <memory_resource>

#include "server/protocol/protocol.hpp"
#include "tl/json_reader.hpp"

using namespace server;
using namespace std::chrono_literals;

namespace {

struct Read {
  std::pmr::monotonic_buffer_resource arena;
  std::optional<Request> request;
  std::optional<Refused> refused;

  explicit Read(std::string_view json) {
    auto read = read_request(*tl::read_json(json, arena));
    if (read) {
      request = *read;
    } else {
      refused = read.error();
    }
  }
};

std::string id_of(std::string_view json) { return Read(json).request.value().id; }
// Of what asks for something beside `members`.
std::string asking(std::string_view members) {
  return R"({"options":{},)" + std::string(members) + "}";
}
Failure failure_of(std::string_view json) { return Read(json).refused.value().failure; }

std::string written(const Reply& reply) {
  server::LongText out;
  write_reply(reply, out);
  return out.copy();
}

}  // namespace

TEST_CASE("An id comes back as it came: any 64 bits, or a string") {
  CHECK(id_of(R"({"options":{}})") == "1");
  CHECK(id_of(asking(R"("id":null)")) == "1");
  CHECK(id_of(asking(R"("id":7)")) == "7");
  CHECK(id_of(asking(R"("id":-9223372036854775808)")) == "-9223372036854775808");
  CHECK(id_of(asking(R"("id":9223372036854775807)")) == "9223372036854775807");
  CHECK(id_of(asking(R"("id":"7")")) == R"("7")");
  CHECK(id_of(asking(R"("id":"a\"b\n")")) == R"("a\"b\n")");
  CHECK(id_of(asking(R"("id":3,"id":4)")) == "4");
  CHECK(id_of(asking("\"id\":\"" + std::string(256, 'x') + "\"")) ==
        "\"" + std::string(256, 'x') + "\"");
}

TEST_CASE("An id comes back as the integer that it is") {
  CHECK(id_of(asking(R"("id":4.0)")) == "4");
  CHECK(id_of(asking(R"("id":1e5)")) == "100000");
  CHECK(id_of(asking(R"("id":-9.996620001E9)")) == "-9996620001");
  CHECK(Read(R"({"options":{},"after":[4.0,"x",4]})").request->after ==
        std::vector<std::string>{R"("x")", "4"});
  const auto lost = failure_of(R"({"id":7.3227360198421e18})");
  CHECK(lost.path == "/id");
  CHECK(lost.text.ends_with(
      R"(7.3227360198421e18 lost digits on its way; {"options":{"json":"plain"}} gives longs as strings)"));
}

TEST_CASE("A request that asks for nothing is told so, under its id") {
  for (const auto* json : {R"({"id":5})", R"({"id":5,"timeout":3,"@extra":[1]})",
                           R"({"id":5,"after":[]})", R"({"id":5,"token":""})"}) {
    const Read read(json);
    REQUIRE(read.refused);
    CHECK(read.refused->id == "5");
    CHECK(read.refused->failure.error == "TypeError");
    CHECK(read.refused->failure.text.starts_with("nothing is asked"));
  }
  CHECK(Read(R"({"token":"secret"})").request);
}

TEST_CASE("An empty object is one, as `[]` too, and null is none") {
  for (const std::string key : {"server", "session", "options", "signin"}) {
    CHECK(Read("{\"" + key + "\":[]}").request);
    CHECK(failure_of("{\"" + key + "\":[1]}").path == "/" + key);
  }
  for (const std::string key : {"server", "session", "options", "signin", "message"}) {
    const auto failure = failure_of("{\"id\":9,\"" + key + "\":null}");
    CHECK(failure.error == "TypeError");
    CHECK(failure.path == "/" + key);
  }
  CHECK(Read(R"({"options":{},"after":{}})").request->after.empty());
  CHECK(failure_of(R"({"options":{},"after":{"a":1}})").path == "/after");
  CHECK(Read(R"({"options":{},"after":null,"timeout":null,"dc":null})").request);
}

TEST_CASE("An id that is none is refused under -3") {
  for (const auto* json : {R"({"id":0})", R"({"id":-0})", R"({"id":1.5})", R"({"id":0.0})",
                           R"({"id":true})", R"({"id":{}})", R"({"id":9223372036854775808})"}) {
    CAPTURE(json);
    Read read(json);
    REQUIRE(read.refused);
    CHECK(read.refused->id == "-3");
    CHECK(read.refused->failure.error == "TypeError");
    CHECK(read.refused->failure.path == "/id");
  }
  CHECK(failure_of("{\"id\":\"" + std::string(257, 'x') + "\"}").error == "TypeError");
}

TEST_CASE("What is no object is a TypeError under -3") {
  for (const auto* json : {"[]", "1", "\"x\"", "null", "true"}) {
    Read read(json);
    REQUIRE(read.refused);
    CHECK(read.refused->id == "-3");
    CHECK(read.refused->failure.error == "TypeError");
  }
}

TEST_CASE("An unknown attribute is refused, with the nearest known one") {
  const auto failure = failure_of(R"({"id":5,"mesage":{}})");
  CHECK(failure.error == "TypeError");
  CHECK(failure.path == "/mesage");
  CHECK(failure.text.find("\"message\"") != std::string::npos);
  CHECK(Read(R"({"id":5,"mesage":{}})").refused->id == "5");
  CHECK(failure_of(R"({"a/b~c":1})").path == "/a~1b~0c");
  CHECK(failure_of(R"({"nonsense":null})").path == "/nonsense");
}

TEST_CASE("A call without its envelope is refused with what was meant") {
  const std::string meant = R"({"message":{"_cons":"help.getNearestDc"}})";
  for (const auto* text :
       {R"({"_cons":"help.getNearestDc"})", R"({"id":1,"method":"help.getNearestDc","params":{}})",
        R"({"_":"help.getNearestDc"})", R"({"@type":"help.getNearestDc"})"}) {
    const auto failure = failure_of(text);
    CHECK(failure.error == "TypeError");
    CHECK(failure.text.find(meant) != std::string::npos);
  }
  CHECK(failure_of(R"({"_cons":"help.getNearestDc"})").path == "/_cons");
  // Nothing of what is no name is repeated.
  for (const auto* text : {R"({"method":7})", R"({"method":"a b"})", R"({"method":""})"}) {
    CHECK(failure_of(text).text.find(R"("_cons":"METHOD")") != std::string::npos);
  }
  CHECK(failure_of(R"({"message":{"_cons":"ping"},"method":"x"})").text.find("METHOD") ==
        std::string::npos);
}

TEST_CASE("dc is the number of a data centre for a message") {
  const Read read(R"({"dc":4,"message":{"_cons":"ping"}})");
  REQUIRE(read.request);
  CHECK(read.request->dc == mtproto::DcId(4));
  CHECK(Read(R"({"dc":4.0,"message":{"_cons":"ping"}})").request->dc == mtproto::DcId(4));
  CHECK(Read(R"({"dc":"4","message":{"_cons":"ping"}})").request->dc == mtproto::DcId(4));
  CHECK_FALSE(Read(R"({"dc":null,"message":{"_cons":"ping"}})").request->dc);
  for (const auto* dc : {"0", "-2", "1000", "2.5", "\"x\"", "true", "[2]"}) {
    const auto failure = failure_of(R"({"message":{"_cons":"ping"},"dc":)" + std::string(dc) + "}");
    CHECK(failure.error == "TypeError");
    CHECK(failure.path == "/dc");
  }
  CHECK(failure_of(R"({"dc":4})").path == "/dc");
  CHECK(failure_of(R"({"dc":4,"signin":{}})").path == "/dc");
}

TEST_CASE("Attributes of another type are refused by their path") {
  for (const auto* key : {"server", "session", "options", "message", "signin"}) {
    const auto json = std::string(R"({"id":9,")") + key + R"(":[{}]})";
    const auto failure = failure_of(json);
    CHECK(failure.error == "TypeError");
    CHECK(failure.path == std::string("/") + key);
  }
  CHECK(failure_of(R"({"token":1})").path == "/token");
  CHECK(failure_of(R"({"after":1})").path == "/after");
  CHECK(failure_of(R"({"after":[1,0]})").path == "/after/1");
}

TEST_CASE("message and signin do not go together") {
  const auto failure = failure_of(R"({"message":{"_cons":"ping"},"signin":{}})");
  CHECK(failure.error == "TypeError");
  CHECK(failure.path == "/signin");
}

TEST_CASE("A reCAPTCHA's token is a string of at most 16 KiB beside what it is for") {
  const auto with = [](const std::string& token, const std::string& more) {
    return R"({"recaptcha_token":)" + token + more + "}";
  };
  const std::string message = R"(,"message":{"_cons":"auth.logOut"})";
  for (const auto& beside : {message, std::string(R"(,"signin":{})")}) {
    const Read read(with(R"("03AFc-_")", beside));
    REQUIRE(read.request);
    CHECK(read.request->recaptcha_token == "03AFc-_");
  }
  CHECK(Read(with("null", message)).request->recaptcha_token.empty());
  for (const auto& wrong :
       {std::string("1"), std::string("\"\""), "\"" + std::string(16385, 'x') + "\"",
        std::string("true"), std::string("{}")}) {
    CHECK(failure_of(with(wrong, message)).path == "/recaptcha_token");
  }
  CHECK(failure_of(with(R"("x")", R"(,"session":{})")).path == "/recaptcha_token");
}

TEST_CASE("A timeout is seconds above 0 and at most 600") {
  CHECK(Read(asking(R"("timeout":1)")).request->timeout == 1s);
  CHECK(Read(asking(R"("timeout":6e2)")).request->timeout == 600s);
  CHECK(Read(asking(R"("timeout":0.25)")).request->timeout == 250ms);
  CHECK(Read(asking(R"("timeout":"5")")).request->timeout == 5s);
  CHECK(!Read(R"({"options":{}})").request->timeout);
  for (const auto* json : {R"({"timeout":0})", R"({"timeout":-1})", R"({"timeout":600.1})",
                           R"({"timeout":"5 s"})", R"({"timeout":""})", R"({"timeout":true})"}) {
    CHECK(failure_of(json).path == "/timeout");
  }
}

TEST_CASE("@extra comes back with its numbers' own text, in errors too") {
  Read read(asking(R"("@extra":{"a":1.50,"b":[18446744073709551617]})"));
  CHECK(read.request->extra == R"({"a":1.50,"b":[18446744073709551617]})");
  Read wrong(R"({"@extra":[1],"id":2,"nope":1})");
  CHECK(*wrong.refused->extra == "[1]");
  CHECK(Read(asking(R"("@extra":null)")).request->extra == "null");
}

TEST_CASE("A reply holds what was asked for, in one object") {
  Reply reply;
  reply.id = "5";
  CHECK(written(reply) == R"({"id":5})");
  std::string extra = R"("x")";
  reply.extra = &extra;
  reply.server = R"({"dc":2})";
  reply.session = R"({"dc":2})";
  reply.message = R"({"_cons":"boolTrue"})";
  CHECK(written(reply) == R"({"id":5,"@extra":"x","server":{"dc":2},"session":{"dc":2},)"
                          R"("message":{"_cons":"boolTrue"}})");
}

TEST_CASE("An error is told with its path, its causes only where they are wanted") {
  auto failure = type_error("/message/id", "an int is due");
  failure.doing = {"serving request 5", "encoding \"x\""};
  Reply reply;
  reply.id = "5";
  reply.failure = &failure;
  CHECK(written(reply) ==
        R"({"id":5,"error":"TypeError","msg":"an int is due","path":"/message/id"})");
  reply.with_traceback = true;
  CHECK(written(reply).ends_with(
      R"("traceback":["serving request 5","encoding \"x\"","TypeError at /message/id: an int is due"]})"));
}

TEST_CASE("A drawn random_id is told, as a string in plain notation") {
  const std::vector<std::int64_t> one{-5}, two{1, 2};
  Reply reply;
  reply.id = "1";
  reply.random_ids = &one;
  CHECK(written(reply) == R"({"id":1,"_random_id":-5})");
  reply.notation = tl::Notation::plain;
  CHECK(written(reply) == R"({"id":1,"_random_id":"-5"})");
  reply.random_ids = &two;
  CHECK(written(reply) == R"({"id":1,"_random_id":["1","2"]})");
}

TEST_CASE("doc is the start of the line, cut at a character, bad bytes as U+FFFD") {
  std::string line(199, 'x');
  line += "\xC3\xA9 and more";  // é would end at byte 201
  const auto failure = json_decode_error(3, "wrong", line);
  CHECK(failure.more[0] == std::pair<std::string, std::string>("pos", "3"));
  CHECK(failure.more[1].second == "\"" + std::string(199, 'x') + "\"");
  const auto bad = json_decode_error(0, "wrong",
                                     "a\xFF"
                                     "b");
  CHECK(bad.more[1].second ==
        "\"a\xEF\xBF\xBD"
        "b\"");
}

TEST_CASE("Each error holds what the contract says") {
  CHECK(busy(1024, "x").more[0] == std::pair<std::string, std::string>("limit", "1024"));
  CHECK(line_too_long(16).error == "LineTooLong");
  CHECK(line_too_long(16).more[0].second == "16");
  const auto lost = connection_error(2, "Connection refused", "x");
  CHECK(lost.more[0] == std::pair<std::string, std::string>("reason", "\"Connection refused\""));
  CHECK(lost.more[1] == std::pair<std::string, std::string>("dc", "2"));
  CHECK(rpc_timeout(1500ms) ==
        R"({"_cons":"rpc_timeout","error_message":"no answer within 1.5 s"})");
}

TEST_CASE("Of attributes given many times the last counts, and a look-up is none of each") {
  std::string json = "{";
  for (int i = 0; i < 50'000; ++i) json += R"("dc":1,"id":1,)";
  json += R"("id":7,"dc":2,"message":{}})";
  Read read(json);
  CHECK(read.request->id == "7");
  CHECK(read.request->dc->value() == 2);
}

TEST_CASE("after takes each id once, and at most 1024 of them") {
  CHECK(Read(asking(R"("after":[3,1,3,"a",1])")).request->after.size() == 3);
  std::string ids = "1";
  for (int i = 2; i <= 1024; ++i) ids += "," + std::to_string(i);
  CHECK(Read(asking("\"after\":[" + ids + "]")).request->after.size() == 1024);
  const auto failure = failure_of("{\"after\":[" + ids + ",1025]}");
  CHECK(failure.error == "TypeError");
  CHECK(failure.path == "/after");
}

TEST_CASE("What an error quotes of a long name is short") {
  const auto failure = failure_of("{\"" + std::string(1'000'000, 'x') + "\":1}");
  CHECK(failure.error == "TypeError");
  CHECK(failure.text.size() < 200);
  CHECK(failure.path.size() <= 201);
  CHECK(failure.path.starts_with("/xxx"));
}

TEST_CASE("In a large object only message and @extra may be large") {
  const auto weighed = [](std::string_view json) {
    std::pmr::monotonic_buffer_resource arena;
    const auto read = read_request(*tl::read_json(json, arena), json.size());
    return read ? std::string() : read.error().failure.path;
  };
  const auto text = "\"" + std::string(300'000, 'x') + "\"";
  std::string members;
  for (int i = 0; i < 20'000; ++i) members += (i == 0 ? "" : ",") + std::string(R"("json":1)");
  CHECK(weighed("{\"message\":{\"a\":" + text + "},\"@extra\":" + text + "}").empty());
  CHECK(weighed("{\"session\":{\"string\":" + text + "}}") == "/session");
  CHECK(weighed("{\"options\":{" + members + "}}") == "/options");
  CHECK(weighed("{\"server\":{\"proxy\":{\"host\":[[" + text + "]]}}}") == "/server");
  CHECK(weighed("{\"signin\":{" + text + ":1}}") == "/signin");
}

TEST_CASE("Of many ignored fields a hundred are listed, and the others counted") {
  tl::Encoding encoding;
  encoding.ignored = {"/message/a", "/message/b"};
  Reply reply;
  reply.id = "1";
  reply.ignored = &encoding;
  CHECK(written(reply) == R"({"id":1,"ignored":["/message/a","/message/b"]})");
  encoding.ignored_more = 3;
  CHECK(written(reply) == R"({"id":1,"ignored":["/message/a","/message/b"],"ignored_more":3})");
}

TEST_CASE("A reply that can't be written leaves nothing behind") {
  LongText out;
  out += "before";
  std::string extra = "[1]";
  Reply reply;
  reply.id = "1";
  reply.extra = &extra;
  reply.write_message = [](LongText& to) {
    to += "half of it";
    return false;
  };
  CHECK(!write_reply(reply, out));
  CHECK(out.copy() == "before");
  CHECK(extra == "[1]");
}

TEST_CASE("A request names an account by a string or an object, or lets go of it by null") {
  const Read named(R"({"account":"ada"})");
  REQUIRE(named.request);
  REQUIRE(named.request->account);
  CHECK(named.request->account->text() == "ada");
  CHECK(Read(R"({"account":{"name":"ada","updates_after":7}})").request);
  const Read none(R"({"account":null})");
  REQUIRE(none.request);
  REQUIRE(none.request->account);
  CHECK(none.request->account->is_null());
  const Read wrong(R"({"account":7})");
  REQUIRE(wrong.refused);
  CHECK(wrong.refused->failure.path == "/account");
}

TEST_CASE("A named account does not go together with a session or a server") {
  for (const auto* text :
       {R"({"account":"ada","session":{}})", R"({"account":null,"server":{}})"}) {
    INFO(text);
    const Read refused(text);
    REQUIRE(refused.refused);
    CHECK(refused.refused->failure.error == "TypeError");
    CHECK(refused.refused->failure.path == "/account");
  }
}
