// Paths, headers and queries of /api/v1/{account}/{method}.
#include "server/http/api_target.hpp"

#include <catch2/catch.hpp>

#include "server/store/account_table.hpp"

#include "server/http/api_envelope.hpp"
#include "server/http/api_query.hpp"
#include "tests/server/two_layers.hpp"
#include "tl/json_reader.hpp"

using server::Failure;
using server::http::ApiEnvelope;
using server::http::ApiTarget;
using server::http::Head;

namespace {

Head head(std::string method, std::string path, std::string query = "") {
  Head out;
  out.method = std::move(method);
  out.path = std::move(path);
  out.query = std::move(query);
  return out;
}

tl::Result<ApiTarget, Failure> read(const Head& from) {
  return server::http::read_api_target(from, support::two_layers());
}

ApiTarget target(std::string key = "", std::string method = "messages.sendMessage") {
  auto from = head("POST", "/api/v1/ada/" + method);
  if (!key.empty()) from.fields.emplace_back("idempotency-key", std::move(key));
  return *read(from);
}

// What becomes of a body.
std::string around(const ApiTarget& to, std::string_view body) {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(body, arena);
  const auto made = ApiEnvelope(to).around(*value, arena);
  if (!made) return made.error().error + " " + made.error().path;
  std::string out;
  tl::write_json(*made, out);
  return out;
}

}  // namespace

TEST_CASE("A path names an account and a method", "[api]") {
  const auto read_it = read(head("POST", "/api/v1/ada.l-1_/messages.sendMessage"));
  REQUIRE(read_it.has_value());
  CHECK(read_it->account == "ada.l-1_");
  CHECK(read_it->method->name == "messages.sendMessage");
  CHECK(read(head("POST", "/api/v1/ada/messages.sendMessage/")).has_value());
}

TEST_CASE("Other paths are none", "[api]") {
  for (const auto* path : {"/api/v1/ada", "/api/v1//help.getNearestDc", "/api/v1/ada/",
                           "/api/v1/ada/help.getNearestDc/more", "/api/v2/ada/help.getNearestDc"}) {
    CAPTURE(path);
    CHECK_FALSE(server::http::split_api_path(path));
  }
}

TEST_CASE("Names of accounts have 1 to 64 of a few characters", "[api]") {
  using server::store::is_account_name;
  CHECK(is_account_name("a"));
  CHECK(is_account_name(std::string(64, 'z')));
  CHECK_FALSE(is_account_name(""));
  CHECK_FALSE(is_account_name(std::string(65, 'z')));
  for (const auto* name : {"Ada", "a b", "a\nb", "ä", "a%b", "a@b"})
    CHECK_FALSE(is_account_name(name));
}

TEST_CASE("A method that there is not is told with the nearest", "[api]") {
  const auto none = read(head("POST", "/api/v1/ada/messages.sendMesage"));
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().error == "NotFound");
  CHECK(none.error().text.find("\"messages.sendMessage\"") != std::string::npos);
  CHECK_FALSE(read(head("POST", "/api/v1/ada/nearestDc")).has_value());  // an object
}

TEST_CASE("timeout and dc stand in the query, and of a POST nothing else", "[api]") {
  const auto both = read(head("POST", "/api/v1/ada/test.act", "timeout=2.5&dc=4"));
  REQUIRE(both.has_value());
  CHECK(both->timeout == "2.5");
  CHECK(both->dc == "4");
  CHECK(read(head("POST", "/api/v1/ada/test.act", "n=1")).error().path == "?n");
  CHECK(read(head("POST", "/api/v1/ada/test.act", "dc=1&dc=2")).error().path == "?dc");
  CHECK(read(head("GET", "/api/v1/ada/test.getBox", "n=1&dc=2")).has_value());
  CHECK(read(head("GET", "/api/v1/ada/test.getBox", "n=%zz")).error().error == "BadRequest");
}

TEST_CASE("An Idempotency-Key is visible ASCII, once", "[api]") {
  auto from = head("POST", "/api/v1/ada/test.act");
  for (const auto& wrong : {std::string(), std::string(256, 'k'), std::string("a b"),
                            std::string("\x7f"), std::string("\xc3\xa4")}) {
    from.fields = {{"idempotency-key", wrong}};
    CHECK(read(from).error().error == "BadRequest");
  }
  from.fields = {{"idempotency-key", "a"}, {"idempotency-key", "a"}};
  CHECK(read(from).error().error == "BadRequest");
  from.fields = {{"idempotency-key", std::string(255, 'k')}};
  CHECK(read(from).has_value());
}

TEST_CASE("Arguments become the message of a request", "[api]") {
  auto to = target();
  CHECK(
      around(to, R"({"peer":"me","message":"hi"})") ==
      R"({"account":"ada","message":{"_cons":"messages.sendMessage","peer":"me","message":"hi"}})");
  to.timeout = "5";
  to.dc = "2";
  CHECK(around(to, "{}") ==
        R"({"account":"ada","message":{"_cons":"messages.sendMessage"},"timeout":"5","dc":"2"})");
}

TEST_CASE("A body may name the method once more, and no other", "[api]") {
  const auto to = target();
  const std::string alone = R"({"account":"ada","message":{"_cons":"messages.sendMessage"}})";
  CHECK(around(to, R"({"_cons":"messages.sendMessage"})") == alone);
  CHECK(around(to, R"({"_":"messages.sendMessage"})") == alone);
  CHECK(around(to, R"({"_cons":"test.act"})") == "SchemeError /message/_cons");
  CHECK(around(to, R"({"@type":"test.act"})") == "SchemeError /message/@type");
  CHECK(around(to, R"({"_cons":"test.act","_cons":"messages.sendMessage"})") ==
        "SchemeError /message/_cons");
}

TEST_CASE("What else a body holds stays an argument", "[api]") {
  CHECK(
      around(target(), R"({"session":{},"account":"bob"})") ==
      R"({"account":"ada","message":{"_cons":"messages.sendMessage","session":{},"account":"bob"}})");
}

TEST_CASE("A body of thousands of members is refused", "[api]") {
  std::string body = "{\"a0\":0";
  for (int i = 1; i <= 4096; ++i) body += ",\"a" + std::to_string(i) + "\":0";
  CHECK(around(target(), body + "}") == "SchemeError /message");
}

TEST_CASE("A key is the random_id, of its account and method", "[api]") {
  const auto id = [](const ApiTarget& of) { return std::to_string(ApiEnvelope::random_id(of)); };
  const auto to = target("night-1");
  // printf 'night-1\nada\nmessages.sendMessage' | sha256sum
  CHECK(ApiEnvelope::random_id(to) == 0x0b2e0335b7c07fb7);
  CHECK(around(to, "{}") == R"({"account":"ada","message":{"_cons":"messages.sendMessage",)"
                            R"("random_id":)" +
                                id(to) + "}}");
  CHECK(id(to) == id(target("night-1")));
  CHECK(id(to) != id(target("night-2")));
  auto other = to;
  other.account = "bob";
  CHECK(id(to) != id(other));
  CHECK(id(to) != id(target("night-1", "test.act")));
}

TEST_CASE("A random_id that is given stays, and a method without one takes none", "[api]") {
  CHECK(around(target("k"), R"({"random_id":"7"})").find(R"("random_id":"7"})") !=
        std::string::npos);
  CHECK(around(target("k", "test.act"), "{}") ==
        R"({"account":"ada","message":{"_cons":"test.act"}})");
}

TEST_CASE("A step of sign-in is the body as it stands, and the state has no arguments", "[api]") {
  const auto to = read(head("POST", "/api/v1/ada/signin"));
  REQUIRE(to.has_value());
  CHECK(around(*to, R"({"phone":"9996620001"})") ==
        R"({"account":"ada","signin":{"phone":"9996620001"}})");
  CHECK(read(head("GET", "/api/v1/ada/signin", "timeout=5")).has_value());
  CHECK(read(head("GET", "/api/v1/ada/signin", "phone=1")).error().path == "?phone");
}
