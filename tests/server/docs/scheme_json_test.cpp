#include "server/docs/scheme_json.hpp"

#include <catch2/catch.hpp>
#include <memory_resource>
#include <set>

#include "tests/server/docs/small_schemes.hpp"
#include "tests/support/api_schema.hpp"
#include "tests/support/places.hpp"
#include "tl/json_reader.hpp"

using server::docs::scheme_json;

namespace {

struct Read {
  explicit Read(std::string_view text) {
    const auto parsed = tl::read_json(text, arena);
    REQUIRE(parsed);
    root = *parsed;
  }
  // The combinator of that name, as JSON.
  std::string one(std::string_view list, std::string_view name) const {
    std::string out;
    for (const auto& item : root[list].items()) {
      if (item["name"].text() == name) tl::write_json(item, out);
    }
    return out;
  }
  std::string part(std::string_view name) const {
    std::string out;
    tl::write_json(root[name], out);
    return out;
  }
  std::pmr::monotonic_buffer_resource arena;
  tl::Value root;
};

Read small(int layer, bool described) {
  const auto schemes = support::small_schemes();
  const auto docs = support::parsed_docs(support::small_docs);
  return Read(scheme_json(*schemes, *schemes->find(layer), described ? docs.get() : nullptr));
}

}  // namespace

TEST_CASE("a scheme as JSON says which layers there are, the default one first") {
  CHECK(small(7, true).part("layer") == "7");
  CHECK(small(7, true).part("layers") == "[7,6]");
  CHECK(small(6, true).part("layer") == "6");
  CHECK(small(6, true).part("layers") == "[7,6]");
}

TEST_CASE("a combinator as JSON has its fields without flags words, vectors as depth") {
  const auto read = small(7, false);
  CHECK(read.one("constructors", "user") ==
        R"({"name":"user","id":"0x00000005","type":"User","fields":[)"
        R"({"name":"self","type":"true","flag":"flags.0"},{"name":"id","type":"long"},)"
        R"({"name":"name","type":"string","flag":"flags.1"}]})");
  CHECK(read.one("methods", "auth.signIn") ==
        R"({"name":"auth.signIn","id":"0x00000012","type":"auth.User","fields":[)"
        R"({"name":"settings","type":"CodeSettings"},)"
        R"({"name":"media","type":"InputMedia","vector":2,"flag":"flags.1"},)"
        R"({"name":"channel","type":"InputChannel"},{"name":"key","type":"bytes"},)"
        R"({"name":"much","type":"double"}]})");
  CHECK(read.one("methods", "invoke") ==
        R"({"name":"invoke","id":"0x00000010","type":"X","fields":[)"
        R"({"name":"layer","type":"int"},{"name":"query","type":"!X"}]})");
  CHECK(read.one("methods", "ping") ==
        R"({"name":"ping","id":"0x00000013","type":"Bool","fields":[]})");
}

TEST_CASE("a method as JSON has its words and each possible error once") {
  const auto read = small(7, true);
  CHECK(read.one("methods", "users.get") ==
        R"({"name":"users.get","id":"0x00000011","type":"User","vector":1,)"
        R"("doc":"Gives <a href=\"x\">users</a>","fields":[)"
        R"({"name":"id","type":"InputUser","vector":1,"doc":"Who"},{"name":"limit","type":"int"}],)"
        R"("errors":[[400,"USER_INVALID"],[420,"FLOOD_WAIT"],[400,"FILE_X_GONE"],)"
        R"([406,"WAIT_%dMIN"]],"for":"bot"})");
  CHECK(read.part("errors") ==
        R"({"USER_INVALID":"no such user","FLOOD_WAIT":"wait","FILE_X_GONE":"gone",)"
        R"("WAIT_%dMIN":"minutes"})");
  CHECK(read.part("types") == R"({"User":"Some <b>user</b>"})");
}

TEST_CASE("a layer that the descriptions were not made for gets those of the same names") {
  const auto read = small(7, true);
  CHECK(read.one("constructors", "user").find("Its id") != std::string::npos);
}

TEST_CASE("service messages are not in a scheme as JSON") {
  const auto read = small(7, true);
  CHECK(read.one("constructors", "pong").empty());
  CHECK(read.one("methods", "service").empty());
  CHECK(read.root["methods"].items().size() == 4);
  CHECK(small(6, true).root["methods"].items().size() == 3);
}

TEST_CASE("a bare type as JSON is written with a percent sign") {
  const auto schemes =
      server::parse_schemes({{"a.tl",
                              "one#00000001 = One;\nfirst#00000002 = Two;\nsecond#00000003 = Two;\n"
                              "all#00000004 a:%One b:vector<first> = All;\n"}},
                            {"mtproto.tl", ""}, 5);
  REQUIRE(schemes);
  const Read read(scheme_json(**schemes, (*schemes)->first(), nullptr));
  CHECK(read.one("constructors", "all") ==
        R"({"name":"all","id":"0x00000004","type":"All","fields":[{"name":"a","type":"%One"},)"
        R"({"name":"b","type":"first","vector":1}]})");
}

TEST_CASE("all of api.tl is in its JSON, in its order") {
  const auto schemes =
      server::parse_schemes({{"api.tl", support::read_file(support::api_tl_file())}},
                            {"mtproto.tl", support::read_file(support::mtproto_tl_file())}, 1);
  REQUIRE(schemes);
  const Read read(scheme_json(**schemes, (*schemes)->first(), nullptr));
  const auto& schema = support::api_schema();
  std::size_t methods = 0;
  std::size_t constructors = 0;
  for (const auto& one : schema.first_source()) {
    const auto list = read.root[one.is_function ? "methods" : "constructors"].items();
    const auto at = one.is_function ? methods++ : constructors++;
    REQUIRE(at < list.size());
    CHECK(list[at]["name"].text() == one.name);
  }
  CHECK(methods > 500);
  CHECK(methods == read.root["methods"].items().size());
  CHECK(constructors == read.root["constructors"].items().size());
}
