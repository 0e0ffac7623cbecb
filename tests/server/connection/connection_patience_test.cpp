// How long a connection waits, and what it says when it does not.
#include <catch2/catch.hpp>

#include "tests/server/connection/connection_world.hpp"

using namespace support;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

std::string silence(const tl::Value&) { return ""; }

std::string rpc_error(int code, std::string_view text) {
  return R"({"_cons":"rpc_error","error_code":)" + std::to_string(code) + R"(,"error_message":")" +
         std::string(text) + "\"}";
}

constexpr std::string_view act = R"({"id":5,"message":{"_cons":"test.act","n":1}})";

}  // namespace

TEST_CASE("Telegram is told of a request that got no answer in time") {
  World world(silence);
  world.ask(R"({"timeout":0.3,"message":{"_cons":"test.act","n":1}})");
  CHECK(world.until([&] { return world.telegram.dropped == 1; }));
}

TEST_CASE("Telegram is told of the requests of a client that is gone") {
  World world(silence);
  world.send(act);
  world.send(act);
  REQUIRE(world.asked(2));
  world.connection->close();
  CHECK(world.until([&] { return world.telegram.dropped == 2; }));
}

TEST_CASE("after names a request too that got no answer in time") {
  World world(silence);
  world.ask(R"({"id":"a","timeout":0.3,"message":{"_cons":"test.act","n":1}})");
  world.send(R"({"id":"b","after":["a"],"message":{"_cons":"test.act","n":2}})");
  REQUIRE(world.asked(2));
  const auto first = static_cast<std::int64_t>(world.telegram.asked[0].message.value());
  CHECK(has(world.telegram.asked[1].whole,
            R"("_cons":"invokeAfterMsg","msg_id":)" + std::to_string(first)));
}

TEST_CASE("A request that Telegram kept waiting for others is sent again") {
  int times = 0;
  World world([&](const tl::Value& query) -> std::string {
    if (query["n"].as_int64() == 1) return "";
    return ++times == 1 ? rpc_error(400, "MSG_WAIT_TIMEOUT") : R"({"_cons":"boolTrue"})";
  });
  world.send(R"({"id":"a","message":{"_cons":"test.act","n":1}})");
  CHECK(world.ask(R"({"id":"b","after":["a"],"message":{"_cons":"test.act","n":2}})") ==
        R"({"id":"b","message":{"_cons":"boolTrue"}})");
  CHECK(times == 2);
}

TEST_CASE("All the flood waits of a request together are within what it may wait") {
  int times = 0;
  World world([&](const tl::Value&) {
    ++times;
    return rpc_error(420, "FLOOD_WAIT_1");
  });
  world.ask(R"({"options":{"flood_wait":2}})");
  CHECK(has(world.ask(act), R"("error_message":"FLOOD_WAIT_1")"));
  CHECK(times == 3);
  const auto& metrics = world.gateway.metrics;
  CHECK(metrics.sum([](const auto& of) -> auto& { return of.flood_waits; }) == 3);
  CHECK(metrics.sum([](const auto& of) -> auto& { return of.flood_waits_kept; }) == 2);
}

TEST_CASE("What is kept to be sent again counts as memory until it is answered") {
  World world(silence);
  const auto before = world.gateway.memory.used();
  const std::string text(600'000, 'x');
  world.send(R"({"timeout":0.3,"message":{"_cons":"messages.sendMessage","peer":"me","message":")" +
             text + "\"}}");
  CHECK(world.gateway.memory.used() >= before + 2 * text.size());
  world.object(0);
  CHECK(world.gateway.memory.used() < before + text.size());
}
