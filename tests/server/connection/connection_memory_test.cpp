// What a connection holds of its client's and of its data centre's, and what it refuses at the
// bound of memory. Requests that take long to encode are encoded apart.
#include <catch2/catch.hpp>

#include "tests/server/connection/scripted_world.hpp"

using namespace support;
using namespace std::chrono_literals;

namespace {

std::string text(std::size_t size) { return std::string(size, 'x'); }

std::string send_long(int id, std::string_view peer, std::size_t size) {
  return R"({"id":)" + std::to_string(id) +
         R"(,"message":{"_cons":"messages.sendMessage","random_id":4,"peer":")" +
         std::string(peer) + R"(","message":")" + text(size) + "\"}}";
}

Terms bounded(std::size_t memory) {
  Terms options;
  options.max_memory = memory;
  return options;
}

}  // namespace

TEST_CASE("What a request in flight keeps is on the meter until it is answered") {
  ScriptedWorld world(silence);
  const auto extra = ",\"@extra\":\"" + text(1'000'000) + "\"";
  world.send(act(1, extra));
  REQUIRE(world.telegram.asked.size() == 1);
  CHECK(world.memory.used() < 1'200'000);
  CHECK(world.memory.used() > 1'000'000);
  world.telegram.answer(world.telegram.asked[0], R"({"_cons":"boolTrue"})");
  const auto reply = world.object(0);
  CHECK(has(reply, text(1'000'000)));
  CHECK(has(reply, "boolTrue"));
  CHECK(world.memory.used() < 100'000);
}

TEST_CASE("A request that there is no memory for is Busy, and the connection goes on") {
  ScriptedWorld world(yes, bounded(3'000'000));
  const auto extra = ",\"@extra\":\"" + text(1'000'000) + "\"";
  world.memory.take(2'500'000);
  CHECK(has(world.ask(act(1, extra)), R"("error":"Busy")"));
  world.memory.give(2'500'000);
  CHECK(has(world.ask(act(2)), "boolTrue"));
}

TEST_CASE("Who holds more than what is left of the memory is Busy, and leaves that to others") {
  ScriptedWorld world(silence, bounded(10'000'000));
  const auto extra = ",\"@extra\":\"" + text(1'000'000) + "\"";
  int sent = 0;
  while (world.mail.objects.empty() && sent < 20) world.send(act(++sent, extra));
  CHECK(sent == 5);
  CHECK(has(world.object(0), "hold more than is left for all"));
  CHECK(has(world.object(0), R"("limit":10000000)"));
  CHECK(world.memory.left() > 4'000'000);
  world.memory.take(world.memory.left() - 500'000);
  world.send(act(20));
  CHECK(has(world.object(1), R"({"id":20,"error":"Busy")"));
}

TEST_CASE("A single request may take what is left of the memory") {
  ScriptedWorld world(silence, bounded(10'000'000));
  world.memory.take(8'000'000);
  world.send(act(1, ",\"@extra\":\"" + text(300'000) + "\""));
  CHECK(world.mail.objects.empty());
  CHECK(world.telegram.asked.size() == 1);
}

TEST_CASE(
    "Replies that wait behind one of their id are on the meter, and told when they fit no more") {
  ScriptedWorld world(silence, bounded(4'000'000));
  world.send(act(7));
  REQUIRE(world.telegram.asked.size() == 1);
  const auto waiting = R"({"id":7,"options":{},"@extra":")" + text(500'000) + "\"}";
  for (int i = 0; i < 40; ++i) {
    world.send(waiting);
    CHECK(world.memory.used() < 5'000'000);
  }
  CHECK(world.connection->held() > 1'500'000);
  CHECK(world.mail.usage_updates > 0);
  world.telegram.answer(world.telegram.asked[0], R"({"_cons":"boolTrue"})");
  REQUIRE(world.mail.objects.size() == 41);
  const auto count = [&](std::string_view part) {
    return std::ranges::count_if(world.mail.objects, [&](auto& one) { return has(one, part); });
  };
  CHECK(count(R"("error":"Busy")") + count(R"("options":{)") == 40);
  CHECK(count(R"("options":{)") >= 3);
  CHECK(world.connection->held() == 0);
}

TEST_CASE("A long message is encoded apart, and what comes behind it is sent behind it") {
  ScriptedWorld world([](const tl::Value& query) -> std::string {
    return query.constructor() == "test.act" ? R"({"_cons":"boolTrue"})"
                                             : R"({"_cons":"updatesTooLong"})";
  });
  world.send(act(1));
  world.send(send_long(2, "me", 500'000));
  world.send(act(3));
  REQUIRE(world.telegram.asked.size() == 3);
  CHECK(world.telegram.asked[0].method == "test.act");
  CHECK(world.telegram.asked[1].method == "messages.sendMessage");
  CHECK(has(world.telegram.asked[1].whole, text(500'000)));
  CHECK(world.telegram.asked[2].method == "test.act");
  REQUIRE(world.mail.objects.size() == 3);
  CHECK(world.connection->idle());
}

TEST_CASE("A long message to a name is encoded again when that is known") {
  ScriptedWorld world([](const tl::Value& query) -> std::string {
    if (query.constructor() != "contacts.resolveUsername") return R"({"_cons":"updatesTooLong"})";
    return R"({"_cons":"contacts.resolvedPeer","peer":{"_cons":"peerUser","user_id":77},"chats":[],)"
           R"("users":[{"_cons":"user","id":77,"access_hash":9}]})";
  });
  const auto reply = world.ask(send_long(1, "@somebody", 300'000));
  CHECK(has(reply, "updatesTooLong"));
  REQUIRE(world.telegram.asked.size() == 2);
  CHECK(has(world.telegram.asked[1].whole, R"("user_id":77,"access_hash":9)"));
}

TEST_CASE("A long message that is none is refused with its place, and nothing is applied") {
  ScriptedWorld world(yes);
  const auto wrong =
      R"({"id":1,"options":{"json":"plain"},"message":{"_cons":"test.act","n":1,"z":")" +
      text(200'000) + "\"}}";
  const auto reply = world.ask(wrong);
  CHECK(has(reply, R"("error":"SchemeError")"));
  CHECK(has(reply, R"("path":"/message/z")"));
  CHECK(has(world.ask(R"({"options":{}})"), R"("json":"classic")"));
  CHECK(has(world.ask(act(2)), "boolTrue"));
}

TEST_CASE("Attributes beside a long message are applied with it") {
  ScriptedWorld world([](const tl::Value& query) -> std::string {
    return query.constructor() == "test.act" ? R"({"_cons":"boolTrue"})"
                                             : R"({"_cons":"updatesTooLong"})";
  });
  auto both = send_long(1, "me", 200'000);
  both.insert(1, R"("options":{"json":"plain"},)");
  const auto reply = world.ask(both);
  CHECK(has(reply, R"("options":{"json":"plain")"));
  CHECK(has(reply, "updatesTooLong"));
  CHECK(has(world.ask(act(2)), R"("message":true)"));
}

TEST_CASE("A client that goes while its message is encoded disturbs nobody") {
  ScriptedWorld world(yes);
  world.put(send_long(1, "me", 3'000'000));
  world.connection->close();
  world.turn();
  CHECK(world.memory.used() < 20'000);
  CHECK(world.mail.objects.empty());
}

TEST_CASE("An answer that there is no memory for ends its request, with words") {
  ScriptedWorld world([](const tl::Value&) {
    return R"({"_cons":"box","text":")" + std::string(4 * 50'000, 'A') + "\"}";
  });
  CHECK(has(world.ask(R"({"message":{"_cons":"help.getNearestDc"}})"), R"("_cons":"box")"));
  const auto taken = world.memory.limit() - world.memory.used() - 170'000;
  world.memory.take(taken);
  const auto reply = world.ask(R"({"id":2,"@extra":[1],"message":{"_cons":"test.getBox","n":1}})");
  CHECK(has(reply, R"("error":"Busy")"));
  CHECK(has(reply, R"({"id":2,"@extra":[1],)"));
  CHECK(has(reply, "Telegram answered"));
  world.memory.give(taken);
  CHECK(has(world.ask(R"({"id":3,"message":{"_cons":"test.getBox","n":1}})"), R"("_cons":"box")"));
}

TEST_CASE("A large answer that has come is told where there is no memory for its text") {
  ScriptedWorld world([](const tl::Value&) {
    return R"({"_cons":"box","text":")" + std::string(4 * 1'000'000, 'A') + "\"}";
  });
  CHECK(has(world.ask(R"({"message":{"_cons":"help.getNearestDc"}})"), R"("_cons":"box")"));
  const auto taken = world.memory.limit() - world.memory.used() - 3'500'000;
  world.memory.take(taken);
  CHECK(has(world.ask(R"({"id":2,"message":{"_cons":"test.getBox","n":1}})"), R"("_cons":"box")"));
  world.memory.give(taken);
}

TEST_CASE("A request that names many others in after follows each that is in flight, once") {
  ScriptedWorld world(silence);
  std::string ids = "1";
  for (int i = 2; i <= 200; ++i) ids += "," + std::to_string(i) + "," + std::to_string(i);
  for (int i = 1; i <= 200; ++i) world.send(act(i, ",\"after\":[" + ids + "]"));
  REQUIRE(world.telegram.asked.size() == 200);
  CHECK(world.telegram.asked[199].options.after.size() == 199);
}
