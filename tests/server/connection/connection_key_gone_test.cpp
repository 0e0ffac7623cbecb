// A key that opens nothing any more: told as a state of sign-in, from which there is a way out.
#include <catch2/catch.hpp>

#include "tests/server/connection/scripted_world.hpp"

using namespace support;

namespace {

constexpr std::string_view ask_nearest = R"({"id":1,"message":{"_cons":"help.getNearestDc"}})";
constexpr std::string_view gone =
    R"("signin":{"state":"start","reason":"the data centre closed the connection"})";
constexpr std::string_view token = R"({"_cons":"auth.loginToken","expires":1,"token":"AAAA"})";

std::string answer(const tl::Value& query) {
  return query.constructor() == "auth.exportLoginToken" ? std::string(token) : nearest(query);
}

// A client whose key was of use, and is not any more.
struct Locked : ScriptedWorld {
  explicit Locked(bool events = false) : ScriptedWorld(answer) {
    if (events) ask(R"({"options":{"events":true}})");
    ask(ask_nearest);
    telegram.close(0, true);
    turn();
  }
};

}  // namespace

TEST_CASE("After the key is gone the state is the start, with the reason") {
  Locked world;
  CHECK(has(world.ask(R"({"signin":{}})"), gone));
  CHECK(has(world.ask(R"({"signin":{}})"), gone));
}

TEST_CASE("That the key is gone is told as an event, where these are wanted") {
  Locked world(true);
  REQUIRE_FALSE(world.mail.objects.empty());
  CHECK(world.mail.objects.back() == R"({"id":0,)" + std::string(gone) + "}");
}

TEST_CASE("A step of sign-in makes a new key, and the reason is told no more") {
  Locked world;
  const auto made = world.telegram.made_keys;
  CHECK(has(world.ask(R"({"signin":{"qr":true}})"), R"("signin":{"state":"qr",)"));
  CHECK(world.telegram.made_keys == made + 1);
  CHECK_FALSE(has(world.ask(R"({"signin":{"cancel":true}})"), "reason"));
}

TEST_CASE("A message makes no new key") {
  Locked world;
  const auto made = world.telegram.made_keys;
  world.telegram.failing = upstream_failure("the key is unknown", true);
  CHECK(has(world.ask(ask_nearest), "ConnectionError"));
  CHECK(world.telegram.made_keys == made);
}

TEST_CASE("Nobody is there to sign out once the key is gone") {
  Locked world;
  CHECK(has(world.ask(R"({"signin":{"sign_out":true}})"), R"("error":"SigninError")"));
}

TEST_CASE("A key that was used from two places at once is gone") {
  ScriptedWorld world([](const tl::Value& query) {
    if (query.constructor() == "auth.exportLoginToken") return std::string(token);
    return std::string(
        R"({"_cons":"rpc_error","error_code":406,"error_message":"AUTH_KEY_DUPLICATED"})");
  });
  CHECK(has(world.ask(ask_nearest), "AUTH_KEY_DUPLICATED"));
  world.turn();
  CHECK(has(world.ask(R"({"signin":{}})"), R"("signin":{"state":"start","reason":"AUTH_KEY_DUP)"));
  const auto made = world.telegram.made_keys;
  CHECK(has(world.ask(R"({"signin":{"qr":true}})"), R"("state":"qr")"));
  CHECK(world.telegram.made_keys == made + 1);
}
