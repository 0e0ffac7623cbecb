// What a connection holds of its client's and of its data centre's, and what it refuses at the bound
// of memory. Requests that take long to encode are encoded apart.
#include <catch2/catch.hpp>

#include "tests/server/connection/connection_world.hpp"

using namespace support;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }
std::string silence(const tl::Value&) { return ""; }
std::string yes(const tl::Value&) { return R"({"_cons":"boolTrue"})"; }

std::string text(std::size_t size) { return std::string(size, 'x'); }

std::string act(int id, std::string_view more = "") {
  return R"({"id":)" + std::to_string(id) + R"(,"message":{"_cons":"test.act","n":)" +
         std::to_string(id) + "}" + std::string(more) + "}";
}

std::string send_long(int id, std::string_view peer, std::size_t size) {
  return R"({"id":)" + std::to_string(id) +
         R"(,"message":{"_cons":"messages.sendMessage","random_id":4,"peer":")" +
         std::string(peer) + R"(","message":")" + text(size) + "\"}}";
}

server::Options bounded(std::size_t memory) {
  server::Options options;
  options.max_memory = memory;
  return options;
}

}  // namespace

TEST_CASE("What a request in flight keeps is on the meter until it is answered") {
  World world(silence);
  const auto extra = ",\"@extra\":\"" + text(1'000'000) + "\"";
  world.send(act(1, extra));
  REQUIRE(world.asked(1));
  // What its values took is given back elsewhere.
  CHECK(world.until([&] { return world.gateway.memory.used() < 1'200'000; }));
  CHECK(world.gateway.memory.used() > 1'000'000);
  world.telegram.answer(world.telegram.asked[0], R"({"_cons":"boolTrue"})");
  const auto reply = world.object(0);
  CHECK(has(reply, text(1'000'000)));
  CHECK(has(reply, "boolTrue"));
  CHECK(world.gateway.memory.used() < 100'000);
}

TEST_CASE("A request that there is no memory for is Busy, and the connection goes on") {
  World world(yes, bounded(3'000'000));
  const auto extra = ",\"@extra\":\"" + text(1'000'000) + "\"";
  world.gateway.memory.take(2'500'000);
  CHECK(has(world.ask(act(1, extra)), R"("error":"Busy")"));
  world.gateway.memory.give(2'500'000);
  CHECK(has(world.ask(act(2)), "boolTrue"));
}

TEST_CASE(
    "Replies that wait behind one of their id are on the meter, and told when they fit no more") {
  World world(silence, bounded(4'000'000));
  world.send(act(7));
  REQUIRE(world.asked(1));
  const auto waiting = R"({"id":7,"options":{},"@extra":")" + text(500'000) + "\"}";
  for (int i = 0; i < 40; ++i) {
    world.send(waiting);
    CHECK(world.gateway.memory.used() < 5'000'000);
  }
  CHECK(world.connection->held() > 1'500'000);
  CHECK(world.mail->weighed > 0);
  world.telegram.answer(world.telegram.asked[0], R"({"_cons":"boolTrue"})");
  REQUIRE(world.until([&] { return world.mail->objects.size() == 41; }));
  const auto count = [&](std::string_view part) {
    return std::ranges::count_if(world.mail->objects, [&](auto& one) { return has(one, part); });
  };
  CHECK(count(R"("error":"Busy")") + count(R"("options":{)") == 40);
  CHECK(count(R"("options":{)") >= 3);
  CHECK(world.connection->held() == 0);
}

TEST_CASE("A long message is encoded apart, and what comes behind it is sent behind it") {
  World world([](const tl::Value& query) -> std::string {
    return query.constructor() == "test.act" ? R"({"_cons":"boolTrue"})"
                                             : R"({"_cons":"updatesTooLong"})";
  });
  world.send(act(1));
  world.send(send_long(2, "me", 500'000));
  world.send(act(3));
  REQUIRE(world.asked(3));
  CHECK(world.telegram.asked[0].method == "test.act");
  CHECK(world.telegram.asked[1].method == "messages.sendMessage");
  CHECK(has(world.telegram.asked[1].whole, text(500'000)));
  CHECK(world.telegram.asked[2].method == "test.act");
  REQUIRE(world.until([&] { return world.mail->objects.size() == 3; }));
  CHECK(world.connection->idle());
}

TEST_CASE("A long message to a name is encoded again when that is known") {
  World world([](const tl::Value& query) -> std::string {
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
  World world(yes);
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
  World world([](const tl::Value& query) -> std::string {
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
  World world(yes);
  world.send(send_long(1, "me", 3'000'000));
  world.connection->close();
  world.until([&] { return world.gateway.memory.used() < 20'000; });
  CHECK(world.gateway.memory.used() < 20'000);
  CHECK(world.mail->objects.empty());
}

TEST_CASE("An answer that there is no memory for ends its request, with words") {
  World world([](const tl::Value&) {
    return R"({"_cons":"box","text":")" + std::string(4 * 100'000, 'A') + "\"}";
  });
  CHECK(has(world.ask(R"({"message":{"_cons":"help.getNearestDc"}})"), R"("_cons":"box")"));
  const auto taken = world.gateway.memory.limit() - world.gateway.memory.used() - 350'000;
  world.gateway.memory.take(taken);
  const auto reply = world.ask(R"({"id":2,"@extra":[1],"message":{"_cons":"test.getBox","n":1}})");
  CHECK(has(reply, R"("error":"Busy")"));
  CHECK(has(reply, R"({"id":2,"@extra":[1],)"));
  CHECK(has(reply, "Telegram answered"));
  world.gateway.memory.give(taken);
  CHECK(has(world.ask(R"({"id":3,"message":{"_cons":"test.getBox","n":1}})"), R"("_cons":"box")"));
}

TEST_CASE("A request that names many others in after follows each that is in flight, once") {
  World world(silence);
  std::string ids = "1";
  for (int i = 2; i <= 200; ++i) ids += "," + std::to_string(i) + "," + std::to_string(i);
  for (int i = 1; i <= 200; ++i) world.send(act(i, ",\"after\":[" + ids + "]"));
  REQUIRE(world.asked(200));
  const auto& last = world.telegram.asked[199].whole;
  REQUIRE(has(last, "invokeAfterMsgs"));
  const auto from = last.find("msg_ids");
  const auto list = std::string_view(last).substr(from, last.find(']', from) - from);
  CHECK(std::ranges::count(list, ',') == 198);
}
