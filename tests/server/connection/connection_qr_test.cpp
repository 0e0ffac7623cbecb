// A code that is shown, from the connection's side: kept fresh, and followed once it was scanned.
#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>

#include "tests/server/connection/scripted_world.hpp"

using namespace support;
using namespace std::chrono_literals;
using server::upstream::boot_time;

namespace {

constexpr std::string_view ask_for_code = R"({"id":5,"signin":{"qr":true}})";
constexpr std::string_view scanned =
    R"({"_cons":"updateShort","update":{"_cons":"updateLoginToken"},"date":1})";
constexpr std::string_view success =
    R"({"_cons":"auth.loginTokenSuccess","authorization":{"_cons":"auth.authorization",)"
    R"("user":{"_cons":"user","id":7}}})";
constexpr std::string_view flood =
    R"({"_cons":"rpc_error","error_code":420,"error_message":"FLOOD_WAIT_3"})";

std::string token(std::string_view base64) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto expires = std::chrono::duration_cast<std::chrono::seconds>(now).count() + 30;
  return R"({"_cons":"auth.loginToken","expires":)" + std::to_string(expires) + R"(,"token":")" +
         std::string(base64) + "\"}";
}

// Answers auth.exportLoginToken with one after the other; "" is silence.
struct Script {
  std::deque<std::string> answers;
  std::string operator()(const tl::Value& query) {
    if (query.constructor() == "test.act") return "";
    if (query.constructor() != "auth.exportLoginToken") return nearest(query);
    if (answers.empty()) return std::string(flood);
    auto out = std::move(answers.front());
    answers.pop_front();
    return out;
  }
};

struct Shown : ScriptedWorld {
  explicit Shown(std::deque<std::string> more, const Terms& terms = {})
      : ScriptedWorld(script(std::move(more)), terms) {
    REQUIRE(has(ask(ask_for_code), R"("signin":{"state":"qr","url":"tg://login?token=AAAA",)"));
  }
  static Script script(std::deque<std::string> more) {
    more.push_front(token("AAAA"));
    return {std::move(more)};
  }
  void scan() {
    telegram.push(scanned);
    turn();
  }
  // As if that much time had gone by since now.
  void at(mtproto::Duration time) {
    connection->tick(boot_time() + time);
    turn();
  }
  // Until something is to be done; for ever where nothing is.
  mtproto::Duration due() {
    at(11s);  // past the deadlines of requests that were answered
    return due_in().value_or(mtproto::Duration::max());
  }
};

}  // namespace

TEST_CASE("A code is made afresh before it runs out, and pushed") {
  Shown world({token("BBBB"), token("CCCC")});
  const auto due = world.due();
  CHECK(due > 20s);
  CHECK(due < 29s);
  for (const auto* next : {"BBBB", "CCCC"}) {
    const auto n = world.mail.objects.size();
    world.at(29s);
    const auto pushed = world.object(n);
    CHECK(pushed.starts_with(R"({"id":0,"signin":{"state":"qr","url":"tg://login?token=)" +
                             std::string(next) + "\""));
    CHECK_FALSE(has(pushed, "session"));
  }
  CHECK(has(world.ask(R"({"signin":{}})"), "token=CCCC"));
}

TEST_CASE("A scan is followed at once, and is no update") {
  Shown world({std::string(success)});
  bool updates = true;
  SECTION("where updates are wanted") {}
  SECTION("and where they are not") {
    world.ask(R"({"options":{"updates":false}})");
    updates = false;
  }
  const auto n = world.mail.objects.size();
  world.scan();
  const auto pushed = world.object(n);
  CHECK(pushed.starts_with(R"({"id":0,)"));
  CHECK(has(pushed, R"("signin":{"state":"done","user":{"_cons":"user","id":7)"));
  CHECK(has(pushed, R"("session":{)"));
  CHECK(has(pushed, R"("user_id":7)"));
  CHECK(has(pushed, R"("auth_key":")"));
  CHECK(world.mail.objects.size() == n + 1);
  // Once no code is shown it is an update like any other.
  world.scan();
  if (updates) CHECK(has(world.object(n + 1), "updateLoginToken"));
  // Then Telegram is only kept telling what happens.
  CHECK(world.due() > (updates ? mtproto::Duration(29min) : mtproto::Duration(24h)));
}

TEST_CASE("A scan that comes while a fresh code is on its way is not forgotten") {
  Shown world({"", std::string(success)});
  world.at(29s);
  REQUIRE(world.telegram.asked.size() == 2);
  world.scan();
  world.send(R"({"id":"later","message":{"_cons":"help.getNearestDc"}})");
  world.telegram.answer(1, token("BBBB"));
  world.turn();
  CHECK(std::ranges::any_of(world.mail.objects,
                            [](auto& one) { return has(one, R"("state":"done")"); }));
  CHECK(std::ranges::any_of(world.mail.objects,
                            [](auto& one) { return has(one, R"({"id":"later","message":)"); }));
}

TEST_CASE("A code that can't be made afresh for now is asked for again, in silence") {
  Terms terms;
  SECTION("though Telegram refuses") {
    Shown world({std::string(flood), token("BBBB")}, terms);
    world.at(29s);
    REQUIRE(world.telegram.asked.size() == 2);
    REQUIRE(world.connection->idle());
    CHECK(world.mail.objects.size() == 1);
    world.at(11s);
    CHECK(has(world.object(1), "token=BBBB"));
  }
  SECTION("though it says nothing") {
    terms.rpc_timeout = 300ms;
    Shown world({"", token("BBBB")}, terms);
    world.at(29s);
    REQUIRE(world.telegram.asked.size() == 2);
    CHECK_FALSE(world.connection->idle());
    world.at(30s);
    CHECK(world.connection->idle());
    CHECK(world.mail.objects.size() == 1);
    world.at(41s);
    CHECK(has(world.object(1), "token=BBBB"));
  }
}

TEST_CASE("While a fresh code is on its way no refusal moves the session elsewhere") {
  Shown world({""});
  world.send(act(8, R"(,"timeout":60)"));
  world.at(29s);
  REQUIRE(world.telegram.asked.size() == 3);
  const auto dialled = world.telegram.dialled;
  const auto n = world.mail.objects.size();
  world.telegram.answer(world.telegram.asked[1], rpc_error(303, "USER_MIGRATE_3"));
  CHECK(has(world.object(n), "USER_MIGRATE_3"));
  world.telegram.answer(world.telegram.asked[2], token("BBBB"));
  CHECK(has(world.object(n + 1), "token=BBBB"));
  CHECK(world.telegram.dialled == dialled);
}

TEST_CASE("A code that is refused for good is taken away") {
  Shown world({R"({"_cons":"rpc_error","error_code":400,"error_message":"API_ID_INVALID"})"});
  world.at(29s);
  const auto pushed = world.object(1);
  CHECK(has(pushed, R"("signin":{"state":"start","error":{)"));
  CHECK(has(pushed, R"("session":{)"));
  CHECK(world.due() == mtproto::Duration::max());
}

TEST_CASE("Nobody waits any more once the client went another way") {
  Shown world({token("BBBB")});
  SECTION("back") { world.ask(R"({"signin":{"cancel":true}})"); }
  SECTION("to another session") {
    world.ask(R"({"session":{"auth_key":")" + std::string(342, 'A') + R"(==","dc":2}})");
  }
  SECTION("away") { world.connection->end(); }
  world.at(60s);
  CHECK(world.connection->idle());
  CHECK_FALSE(world.connection->deadline());
  CHECK(world.telegram.asked.size() == 1);
}

TEST_CASE("The connection's clock is set anew where it has to go earlier") {
  ScriptedWorld world([](const tl::Value&) {
    return R"({"_cons":"rpc_error","error_code":420,"error_message":"FLOOD_WAIT_5"})";
  });
  world.ask(R"({"options":{"flood_wait":60}})");
  world.send(R"({"message":{"_cons":"help.getNearestDc"}})");
  REQUIRE(world.telegram.asked.size() == 1);
  CHECK(world.mail.woken > 0);
  const auto due = world.connection->deadline();
  REQUIRE(due);
  CHECK(*due - boot_time() < 6s);
}
