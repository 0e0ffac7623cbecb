#include "server/docs/openapi.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <memory_resource>
#include <set>

#include "server/docs/openapi_names.hpp"
#include "server/protocol/only_reads.hpp"
#include "tests/server/docs/small_schemes.hpp"
#include "tests/support/api_schema.hpp"
#include "tests/support/places.hpp"
#include "tl/json_reader.hpp"

using server::docs::openapi;
using server::docs::OpenApi;

namespace {

// A document, read.
struct Document {
  explicit Document(std::string made) : text(std::move(made)) {
    const auto parsed = tl::read_json(text, arena);
    REQUIRE(parsed);
    root = *parsed;
  }
  std::string schema(std::string_view name) const {
    return json(root["components"]["schemas"][name]);
  }
  const tl::Value& method(std::string_view name, std::string_view verb = "post") const {
    return root["paths"]["/api/v1/{account}/" + std::string(name)][verb];
  }
  const tl::Value& body(std::string_view method_name) const {
    return method(method_name)["requestBody"]["content"]["application/json"];
  }
  static std::string json(const tl::Value& value) {
    std::string out;
    tl::write_json(value, out);
    return out;
  }

  std::string text;
  std::pmr::monotonic_buffer_resource arena;
  tl::Value root;
};

Document small(OpenApi dialect = OpenApi::v3_1, bool described = false) {
  const auto schemes = support::small_schemes();
  const auto docs = support::parsed_docs(support::small_docs);
  return Document(openapi(schemes->first(), described ? docs.get() : nullptr, dialect));
}

Document of(std::string text) {
  const auto schemes = server::parse_schemes({{"a.tl", std::move(text)}}, {"mtproto.tl", ""}, 5);
  REQUIRE(schemes);
  return Document(openapi((*schemes)->first(), nullptr, OpenApi::v3_1));
}

const Document& whole(OpenApi dialect) {
  static const auto make = [](OpenApi one) {
    const auto schemes =
        server::parse_schemes({{"api.tl", support::read_file(support::api_tl_file())}},
                              {"mtproto.tl", support::read_file(support::mtproto_tl_file())}, 1);
    REQUIRE(schemes);
    return Document(openapi((*schemes)->first(), nullptr, one));
  };
  static const Document current = make(OpenApi::v3_1);
  static const Document twin = make(OpenApi::v3_0);
  return dialect == OpenApi::v3_1 ? current : twin;
}

// Every object of a document.
template <class See>
void walk(const tl::Value& value, const See& see) {
  for (const auto& item : value.items()) walk(item, see);
  if (value.is_object()) see(value);
  for (const auto& member : value.members()) walk(member.value, see);
}

// "#/components/schemas/user" → {"schemas", "user"}
std::set<std::string> unresolved(const Document& document) {
  std::set<std::string> there, missing;
  for (const auto& [part, members] : document.root["components"].members()) {
    for (const auto& one : members.members()) {
      there.insert("#/components/" + std::string(part) + "/" + std::string(one.key));
    }
  }
  const auto look = [&](std::string_view reference) {
    if (!there.contains(std::string(reference))) missing.insert(std::string(reference));
  };
  walk(document.root, [&](const tl::Value& object) {
    if (object["$ref"].is_string()) look(object["$ref"].text());
    for (const auto& one : object["discriminator"]["mapping"].members()) look(one.value.text());
  });
  return missing;
}

// How many values an operation has once every $ref is what it leads to, but for those within
// themselves: as Swagger UI puts it together when somebody opens it.
class Expansion {
 public:
  static constexpr std::size_t bound = 10'000;

  explicit Expansion(const Document& document) {
    for (const auto& [part, members] : document.root["components"].members()) {
      for (const auto& one : members.members()) {
        targets_["#/components/" + std::string(part) + "/" + std::string(one.key)] = &one.value;
      }
    }
  }
  std::size_t size(const tl::Value& value) {
    count_ = 0;
    walk(value);
    return count_;
  }

 private:
  void walk(const tl::Value& value) {
    if (++count_ > bound) return;
    for (const auto& item : value.items()) walk(item);
    if (value["$ref"].is_string()) return follow(std::string(value["$ref"].text()));
    for (const auto& member : value.members()) walk(member.value);
  }
  void follow(const std::string& reference) {
    if (!within_.insert(reference).second) return;
    walk(*targets_.at(reference));
    within_.erase(reference);
  }

  std::map<std::string, const tl::Value*> targets_;
  std::set<std::string> within_;
  std::size_t count_ = 0;
};

}  // namespace

TEST_CASE("an OpenAPI document says its version and the layer") {
  CHECK(Document::json(small().root["openapi"]) == R"("3.1.0")");
  CHECK(Document::json(small(OpenApi::v3_0).root["openapi"]) == R"("3.0.3")");
  CHECK(Document::json(small().root["info"]["version"]) == R"("layer 7")");
}

TEST_CASE("a constructor is a schema by its own name, whose _cons is that name") {
  CHECK(small().schema("user") ==
        R"({"type":"object","properties":{"_cons":{"type":"string","const":"user"},)"
        R"("self":{"type":"boolean","const":true},"id":{"$ref":"#/components/schemas/Long"},)"
        R"("name":{"type":"string"}},"required":["_cons","id"]})");
}

TEST_CASE("a type of several constructors is told apart by _cons") {
  CHECK(
      small().schema("AnyUser") ==
      R"({"oneOf":[{"$ref":"#/components/schemas/user"},{"$ref":"#/components/schemas/userEmpty"}],)"
      R"("discriminator":{"propertyName":"_cons","mapping":{"user":"#/components/schemas/user",)"
      R"("userEmpty":"#/components/schemas/userEmpty"}}})");
}

TEST_CASE("a type of one constructor is that constructor") {
  const auto document = small();
  CHECK(document.schema("auth.AnyUser") == "null");
  const auto answer = Document::json(document.method("auth.signIn")["responses"]["200"]);
  CHECK(answer.find(R"("result":{"$ref":"#/components/schemas/auth.user"})") != answer.npos);
}

TEST_CASE(
    "a method's arguments are the body of its POST, without what may be left out in required") {
  const auto document = small();
  CHECK(
      Document::json(document.body("auth.signIn")["schema"]) ==
      R"({"type":"object","additionalProperties":false,"properties":{)"
      R"("settings":{"$ref":"#/components/schemas/codeSettings"},)"
      R"("media":{"type":"array","items":{"type":"array","items":{"$ref":"#/components/schemas/inputMedia"}}},)"
      R"("channel":{"$ref":"#/components/schemas/AnyChannelOrName"},)"
      R"("key":{"type":"string","contentEncoding":"base64"},)"
      R"("much":{"type":"number","format":"double"}},"required":["channel","key","much"]})");
  CHECK(document.method("auth.signIn")["requestBody"]["required"].as_bool());
  CHECK(!document.method("ping")["requestBody"]["required"].as_bool());
}

TEST_CASE("peers may be named in what is sent, not in what is answered") {
  const auto document = small();
  CHECK(
      document.schema("AnyPeerOrName") ==
      R"({"anyOf":[{"$ref":"#/components/schemas/PeerName"},{"$ref":"#/components/schemas/inputPeerEmpty"}]})");
  CHECK(document.schema("inputMedia")
            .find(R"("peer":{"$ref":"#/components/schemas/AnyPeerOrName"})") != std::string::npos);
  CHECK(document.schema("auth.user")
            .find(R"("items":{"$ref":"#/components/schemas/inputPeerEmpty"})") !=
        std::string::npos);
}

TEST_CASE("an example of a body has what can't be left out") {
  CHECK(Document::json(small().body("auth.signIn")["example"]) ==
        R"({"channel":"@echobot","key":"AA==","much":0})");
  const auto looped = of("a#00000001 next:a = A;\n---functions---\nb.c#00000002 a:A = A;\n");
  CHECK(Document::json(looped.body("b.c")["example"]) ==
        R"({"a":{"_cons":"a","next":{"_cons":"a","next":{"_cons":"a","next":{"_cons":"a",)"
        R"("next":{"_cons":"a"}}}}}})");
}

TEST_CASE("a method that only reads can be asked by GET, nested arguments as JSON") {
  const auto document = of(
      "inputUser#00000001 = InputUser;\n---functions---\nusers.get#00000002 flags:# "
      "id:InputUser limit:int more:flags.0?Vector<int> = InputUser;\nusers.set#00000003 = Bool;\n");
  CHECK(Document::json(document.method("users.get", "get")["parameters"]) ==
        R"([{"name":"id","in":"query","required":true,)"
        R"("schema":{"type":"string","description":"A name, or an object as JSON"}},)"
        R"({"name":"limit","in":"query","schema":{"type":"integer","format":"int32"}},)"
        R"({"name":"more","in":"query","content":{"application/json":{"schema":{"type":"array",)"
        R"("items":{"type":"integer","format":"int32"}}}}}])");
  CHECK(document.method("users.set", "get").is_null());
}

TEST_CASE("names that differ in capitals, dots or lines only are made different") {
  const auto document =
      of("message#00000001 = Message;\nmessage_#00000002 = Message;\nlong#00000003 = Other;\n"
         "a.b#00000004 = Other;\naB#00000005 = Other;\n---functions---\nx.y#00000006 = Message;\n");
  const auto& schemas = document.root["components"]["schemas"];
  for (const auto* name : {"message", "message__2", "AnyMessage", "long_2", "a.b", "aB_2"}) {
    CHECK(schemas[name].is_object());
  }
}

TEST_CASE("what other tools put into a scheme for themselves is not in its document") {
  const auto document =
      of("mtcute.dummyUpdate#00000001 pts:int = Update;\nupdate#00000002 = Update;\n"
         "---functions---\nmtcute.call#00000003 = Update;\nx.y#00000004 = Update;\n");
  CHECK(document.text.find("mtcute") == std::string::npos);
  CHECK(document.schema("AnyUpdate") == "null");
}

TEST_CASE("descriptions become text, with a method's errors by their codes") {
  const auto document = small(OpenApi::v3_1, true);
  const auto& method = document.method("users.get");
  CHECK(Document::json(method["summary"]) == R"("Gives users")");
  CHECK(
      Document::json(method["description"]) ==
      R"("For bots only.\n\nErrors:\n\n- 400 `FILE_X_GONE`, `USER_INVALID`\n- 406 `WAIT_%dMIN`\n- 420 `FLOOD_WAIT`")");
  CHECK(document.schema("AnyUser").starts_with(R"({"description":"Some user","oneOf":)"));
  CHECK(Document::json(document.method("ping")["summary"]) == R"("ping")");
}

TEST_CASE("the twin has a type of several constructors in brief where another holds it") {
  const auto document = small(OpenApi::v3_0);
  CHECK(document.schema("auth.user")
            .find(R"("user":{"$ref":"#/components/schemas/AnyUser.brief"})") != std::string::npos);
  CHECK(document.schema("AnyUser.brief").find(R"("enum":["user","userEmpty"])") !=
        std::string::npos);
  const auto answer = Document::json(document.method("users.get")["responses"]["200"]);
  CHECK(answer.find(R"("items":{"$ref":"#/components/schemas/AnyUser"})") != answer.npos);
}

TEST_CASE("the twin has no words that OpenAPI 3.0 does not know") {
  const auto& twin = whole(OpenApi::v3_0);
  std::size_t unknown = 0, beside = 0;
  walk(twin.root, [&](const tl::Value& object) {
    if (object.find("type") != nullptr && object["type"].is_string()) {
      if (object.find("const") != nullptr || object.find("contentEncoding") != nullptr) ++unknown;
    }
    if (object["$ref"].is_string() && object.members().size() != 1) ++beside;
  });
  CHECK(unknown == 0);
  CHECK(beside == 0);
}

TEST_CASE("every reference of api.tl's documents leads somewhere") {
  CHECK(unresolved(whole(OpenApi::v3_1)).empty());
  CHECK(unresolved(whole(OpenApi::v3_0)).empty());
}

TEST_CASE("every method of api.tl has its path, and a GET where it only reads") {
  const auto& paths = whole(OpenApi::v3_1).root["paths"];
  std::size_t missing = 0, wrong = 0;
  for (const auto& one : support::api_schema().first_source()) {
    if (!one.is_function) continue;
    const auto& path = paths["/api/v1/{account}/" + std::string(one.name)];
    if (!path["post"].is_object()) ++missing;
    if (path["get"].is_object() != server::only_reads(one.name)) ++wrong;
  }
  CHECK(missing == 0);
  CHECK(wrong == 0);
}

TEST_CASE(
    "in api.tl's documents there is a oneOf for several only, and each has its discriminator") {
  for (const auto dialect : {OpenApi::v3_1, OpenApi::v3_0}) {
    std::size_t wrong = 0, seen = 0;
    walk(whole(dialect).root, [&](const tl::Value& object) {
      if (!object["oneOf"].is_array()) return;
      ++seen;
      const auto& mapping = object["discriminator"]["mapping"];
      if (object["oneOf"].items().size() < 2) ++wrong;
      if (mapping.members().size() != object["oneOf"].items().size()) ++wrong;
    });
    CHECK(seen > 200);
    CHECK(wrong == 0);
  }
}

TEST_CASE("every method of the twin stays small when all that it refers to is put in its place") {
  Expansion twin(whole(OpenApi::v3_0));
  std::size_t largest = 0;
  for (const auto& [path, item] : whole(OpenApi::v3_0).root["paths"].members()) {
    largest = std::max({largest, twin.size(item["post"]), twin.size(item["get"])});
  }
  CHECK(largest < Expansion::bound);
  CHECK(Expansion(whole(OpenApi::v3_1)).size(whole(OpenApi::v3_1).method("messages.getHistory")) >
        Expansion::bound);
}
