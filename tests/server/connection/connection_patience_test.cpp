// How long a connection waits, and what it says when it does not.
#include <catch2/catch.hpp>

#include "tests/server/connection/scripted_world.hpp"

using namespace support;
using namespace std::chrono_literals;

TEST_CASE("Telegram is told of a request that got no answer in time") {
  ScriptedWorld world(silence);
  world.send(act(1, R"(,"timeout":30)"));
  world.pass(29s);
  CHECK(world.telegram.dropped == 0);
  world.pass(1s);
  CHECK(world.telegram.dropped == 1);
}

TEST_CASE("Telegram is told of the requests of a client that is gone") {
  ScriptedWorld world(silence);
  world.send(act(1));
  world.send(act(2));
  REQUIRE(world.telegram.asked.size() == 2);
  world.connection->close();
  CHECK(world.telegram.dropped == 2);
}

TEST_CASE("after names a request too that got no answer in time") {
  ScriptedWorld world(silence);
  world.send(act(1, R"(,"timeout":0.3)"));
  world.pass(300ms);
  REQUIRE(world.mail.objects.size() == 1);
  world.send(act(2, R"(,"after":[1])"));
  REQUIRE(world.telegram.asked.size() == 2);
  CHECK(world.telegram.asked[1].options.after == std::vector{world.telegram.asked[0].id});
}

TEST_CASE("A request that Telegram kept waiting for others is sent again") {
  int times = 0;
  ScriptedWorld world([&](const tl::Value& query) -> std::string {
    if (query["n"].as_int64() == 1) return "";
    return ++times == 1 ? rpc_error(400, "MSG_WAIT_TIMEOUT") : R"({"_cons":"boolTrue"})";
  });
  world.send(R"({"id":"a","message":{"_cons":"test.act","n":1}})");
  CHECK(world.ask(R"({"id":"b","after":["a"],"message":{"_cons":"test.act","n":2}})") == "");
  CHECK(times == 1);
  world.pass(500ms);
  CHECK(world.object(0) == R"({"id":"b","message":{"_cons":"boolTrue"}})");
  CHECK(times == 2);
}

TEST_CASE("All the flood waits of a request together are within what it may wait") {
  int times = 0;
  ScriptedWorld world([&](const tl::Value&) {
    ++times;
    return rpc_error(420, "FLOOD_WAIT_1");
  });
  world.ask(R"({"options":{"flood_wait":2}})");
  world.send(act(5));
  for (int waits = 1; waits <= 2; ++waits) {
    CHECK(world.mail.objects.size() == 1);
    CHECK(times == waits);
    world.pass(1s);
  }
  CHECK(has(world.object(1), R"("error_message":"FLOOD_WAIT_1")"));
  CHECK(times == 3);
  CHECK(world.counters.flood_waits.value() == 3);
  CHECK(world.counters.flood_waits_kept.value() == 2);
}

TEST_CASE("A request that may wait does not ask again before the account may") {
  int times = 0;
  ScriptedWorld world([&](const tl::Value& query) {
    return ++times == 1 ? rpc_error(420, "FLOOD_WAIT_2") : nearest(query);
  });
  world.ask(R"({"options":{"flood_wait":5}})");
  world.send(act(1));
  CHECK(world.ask(act(2)) == "");
  CHECK(times == 1);
  const auto other = world.ask(R"({"id":9,"message":{"_cons":"help.getNearestDc"}})");
  CHECK(has(other, R"({"id":9,"message":{"_cons":"nearestDc")"));
  CHECK(times == 2);
  world.pass(2s);
  CHECK(times == 4);
}

TEST_CASE("A request that may not wait gets Telegram's own answer, whatever others were told") {
  int times = 0;
  ScriptedWorld world([&](const tl::Value&) {
    ++times;
    return rpc_error(420, "FLOOD_WAIT_9");
  });
  CHECK(has(world.ask(act(1)), "FLOOD_WAIT_9"));
  CHECK(has(world.ask(act(2)), "FLOOD_WAIT_9"));
  CHECK(has(world.ask(R"({"options":{"flood_wait":5},"message":{"_cons":"test.act","n":3}})"),
            "FLOOD_WAIT_9"));
  CHECK(times == 3);
}

TEST_CASE("What is kept to be sent again counts as memory until it is answered, once") {
  ScriptedWorld world(silence);
  const auto before = world.memory.used();
  const std::string text(600'000, 'x');
  world.send(R"({"timeout":0.3,"message":{"_cons":"messages.sendMessage","peer":"me","message":")" +
             text + "\"}}");
  CHECK(world.memory.used() >= before + text.size());
  CHECK(world.memory.used() < before + 2 * text.size());
  world.pass(300ms);
  REQUIRE(world.mail.objects.size() == 1);
  CHECK(world.memory.used() < before + text.size());
}
