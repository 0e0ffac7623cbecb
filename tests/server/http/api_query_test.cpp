// Arguments in a query, each by the type of its field.
#include "server/http/api_query.hpp"

#include <catch2/catch.hpp>
#include <memory_resource>

namespace {

constexpr std::string_view scheme = R"(
boolFalse#bc799737 = Bool;
boolTrue#997275b5 = Bool;
true#3fedd339 = True;
vector#1cb5c415 {t:Type} # [ t ] = Vector t;
inputPeerSelf#7da07ec9 = InputPeer;
---functions---
test.getAll flags:# silent:flags.0?true sure:Bool peer:InputPeer q:string n:int at:double ids:Vector<long> names:Vector<string> = Bool;
)";

// The object's text, or the error and where.
std::string read(std::string_view query) {
  const auto schema =
      *tl::Schema::parse(std::vector{tl::SchemaSource{"test.tl", std::string(scheme)}});
  std::pmr::monotonic_buffer_resource arena;
  const auto value =
      server::http::read_query(query, *schema, *schema->function_by_name("test.getAll"), arena);
  if (!value) return value.error().error + " " + value.error().path;
  std::string out;
  tl::write_json(*value, out);
  return out;
}

}  // namespace

TEST_CASE("A string is taken as it stands", "[api]") {
  CHECK(read("q=hello") == R"({"q":"hello"})");
  CHECK(read("q=%7B%22a%22%3A1%7D") == R"({"q":"{\"a\":1}"})");
  CHECK(read("q=a+b%2Bc") == R"({"q":"a b+c"})");
  CHECK(read("q=") == R"({"q":""})");
  CHECK(read("q=true") == R"({"q":"true"})");
}

TEST_CASE("Numbers, flags and Bools are read by their type", "[api]") {
  CHECK(read("n=7") == R"({"n":"7"})");
  CHECK(read("at=1.5") == R"({"at":1.5})");
  CHECK(read("at=NaN") == R"({"at":"NaN"})");
  for (const auto* yes : {"silent=true", "silent=1", "silent", "silent="}) {
    CHECK(read(yes) == R"({"silent":true})");
  }
  CHECK(read("silent=0&sure=false") == R"({"silent":false,"sure":false})");
  CHECK(read("silent=yes") == "TypeError /message/silent");
  CHECK(read("sure=") == "TypeError /message/sure");
}

TEST_CASE("What is nested is JSON, and a peer may be a name", "[api]") {
  CHECK(read("peer=@ada") == R"({"peer":"@ada"})");
  CHECK(read("peer={\"_cons\":\"inputPeerSelf\"}") == R"({"peer":{"_cons":"inputPeerSelf"}})");
  CHECK(read("peer={\"_cons\":1},\"q\":{\"a\":2}") == "TypeError /message/peer");
  CHECK(read("peer={") == "TypeError /message/peer");
}

TEST_CASE("A vector is JSON, or one item after another", "[api]") {
  CHECK(read("ids=[1,2]") == R"({"ids":[1,2]})");
  CHECK(read("ids=1&n=3&ids=2") == R"({"n":"3","ids":["1","2"]})");
  CHECK(read("names=me") == R"({"names":["me"]})");
  CHECK(read("ids=[1]&ids=2") == "TypeError /message/ids");
  CHECK(read("ids=1&ids=[2]") == "TypeError /message/ids");
}

TEST_CASE("What is unknown, computed or there twice is refused with its place", "[api]") {
  CHECK(read("peeer=@ada") == "SchemeError /message/peeer");
  CHECK(read("flags=1") == "SchemeError /message/flags");
  CHECK(read("n=1&n=2") == "TypeError /message/n");
  CHECK(read("a%2Fb=1") == "SchemeError /message/a~1b");
}

TEST_CASE("timeout and dc are no arguments", "[api]") {
  CHECK(read("timeout=5&n=1&dc=2&&") == R"({"n":"1"})");
}

TEST_CASE("An escape that is broken makes no parameter", "[api]") {
  const auto parameters = server::http::parameters_of("a=%zz&b=1");
  REQUIRE(parameters.size() == 2);
  CHECK_FALSE(parameters[0]);
  CHECK(parameters[1]->value == "1");
}
