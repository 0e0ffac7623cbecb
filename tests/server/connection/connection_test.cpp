// A connection between a client's objects and a data centre: order, replies, errors.
#include <catch2/catch.hpp>

#include "tests/server/connection/scripted_world.hpp"

using namespace support;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view ask_nearest = R"({"id":5,"message":{"_cons":"help.getNearestDc"}})";
constexpr std::string_view nearest_text =
    R"({"id":5,"message":{"_cons":"nearestDc","country":"XX","this_dc":2,"nearest_dc":2}})";

std::string resolved(std::string_view id) {
  return R"({"_cons":"contacts.resolvedPeer","peer":{"_cons":"peerUser","user_id":)" +
         std::string(id) + R"(},"chats":[],"users":[{"_cons":"user","id":)" + std::string(id) +
         R"(,"access_hash":9}]})";
}

std::string send_to(int id, std::string_view peer) {
  return R"({"id":)" + std::to_string(id) +
         R"(,"message":{"_cons":"messages.sendMessage","message":"hi","random_id":4,"peer":")" +
         std::string(peer) + "\"}}";
}

}  // namespace

TEST_CASE("The first message makes the connection, is wrapped, and is answered") {
  ScriptedWorld world(nearest);
  CHECK(world.ask(R"({"id":"a","options":{}})").starts_with(R"({"id":"a","options":{"json":)"));
  CHECK(world.telegram.dialled == 0);
  CHECK(world.ask(ask_nearest) == nearest_text);
  REQUIRE(world.telegram.asked.size() == 1);
  CHECK(has(world.telegram.asked[0].whole, R"({"_cons":"invokeWithLayer","layer":100,)"
                                           R"("query":{"_cons":"initConnection")"));
  CHECK(has(world.telegram.asked[0].whole, R"("api_id":1)"));
  CHECK(world.ask(ask_nearest) == nearest_text);
  CHECK(world.telegram.asked[1].whole == R"({"_cons":"help.getNearestDc"})");
}

TEST_CASE("A session before there is a key says so; after a ping it can be kept") {
  ScriptedWorld world(nearest);
  CHECK(has(world.ask(R"({"session":{}})"), R"({"id":1,"session":{"error_message":)"));
  const auto reply = world.ask(R"({"session":{},"message":{"_cons":"ping","ping_id":7}})");
  CHECK(has(reply, R"("message":{"_cons":"pong","msg_id":)"));
  CHECK(has(reply, R"("ping_id":7}})"));
  CHECK(has(reply, R"("auth_key":")"));
  CHECK(has(reply, R"("dc":2)"));
  CHECK(world.telegram.asked.empty());
}

TEST_CASE("Service functions are not wrapped, and what has no answer is boolTrue") {
  ScriptedWorld world(nearest);
  CHECK(has(world.ask(R"({"message":{"_cons":"get_future_salts","num":1}})"), "future_salts"));
  CHECK(world.ask(R"({"message":{"_cons":"msgs_ack","msg_ids":[]}})") ==
        R"({"id":1,"message":{"_cons":"boolTrue"}})");
  CHECK(world.ask(R"({"options":{"json":"plain"},"message":{"_cons":"msgs_ack","msg_ids":[4]}})")
            .ends_with(R"("message":true})"));
}

TEST_CASE("What belongs to the session itself can't be named") {
  ScriptedWorld world(nearest);
  for (const auto* message :
       {R"({"_cons":"msg_container","messages":[]})", R"({"_cons":"gzip_packed","packed_data":""})",
        R"({"_cons":"req_pq_multi","nonce":"AAAAAAAAAAAAAAAAAAAAAA"})",
        R"({"_cons":"inputPeerSelf"})",
        R"({"_cons":"invokeWithLayer","layer":100,"query":{"_cons":"ping","ping_id":1}})"}) {
    CAPTURE(message);
    const auto reply = world.ask(R"({"id":3,"message":)" + std::string(message) + "}");
    CHECK(has(reply, R"({"id":3,"error":"SchemeError")"));
  }
  CHECK(world.telegram.dialled == 0);
}

TEST_CASE("Nothing of a refused object is applied or sent") {
  ScriptedWorld world(nearest);
  const auto before = world.ask(R"({"server":{},"options":{}})");
  for (const auto* bad :
       {R"({"options":{"json":"plain"},"message":{"_cons":"no.such"}})",
        R"({"options":{"json":"plain","updates":"recovered"}})",
        R"({"options":{"json":"plain"},"session":{"auth_key":"AAAA"}})",
        R"({"server":{"host":"localhost","port":1},"message":{"_cons":"test.act","n":"x"}})",
        R"({"options":{"json":"plain"},"signin":{"coode":"1"}})"}) {
    CAPTURE(bad);
    CHECK(has(world.ask(bad), R"("error":")"));
  }
  CHECK(world.ask(R"({"server":{},"options":{}})") == before);
  CHECK(world.telegram.dialled == 0);
}

TEST_CASE("Errors of a message have a pointer into the object that was sent") {
  ScriptedWorld world(nearest);
  const auto type = world.ask(R"({"id":9,"message":{"_cons":"test.act","n":1.5}})");
  CHECK(has(type, R"({"id":9,"error":"TypeError")"));
  CHECK(has(type, R"("path":"/message/n")"));
  const auto field = world.ask(R"({"message":{"_cons":"test.act","n":1,"m":2}})");
  CHECK(has(field, R"("error":"SchemeError")"));
  CHECK(has(field, R"("path":"/message/m")"));
  CHECK(has(world.ask(R"({"message":{"_cons":"test.act","n":1,"_seqno":-1}})"),
            R"("path":"/message/_seqno")"));
}

TEST_CASE("Replies come as they are ready, under one id in order") {
  ScriptedWorld world(silence);
  for (const auto* json : {R"({"id":1,"message":{"_cons":"test.act","n":1}})",
                           R"({"id":2,"message":{"_cons":"test.act","n":2}})",
                           R"({"id":1,"message":{"_cons":"test.act","n":3}})",
                           R"({"id":2,"options":{}})", R"({"id":3,"options":{}})"}) {
    world.send(json);
  }
  CHECK(has(world.object(0), R"({"id":3,"options")"));
  REQUIRE(world.telegram.asked.size() == 3);
  const auto yes = R"({"_cons":"boolTrue"})";
  const auto no = R"({"_cons":"boolFalse"})";
  world.telegram.answer(world.telegram.asked[2], no);
  world.telegram.answer(world.telegram.asked[1], yes);
  CHECK(world.object(1) == R"({"id":2,"message":{"_cons":"boolTrue"}})");
  CHECK(has(world.object(2), R"({"id":2,"options")"));
  CHECK(world.connection->held() > 0);
  world.telegram.answer(world.telegram.asked[0], yes);
  CHECK(world.object(3) == R"({"id":1,"message":{"_cons":"boolTrue"}})");
  CHECK(world.object(4) == R"({"id":1,"message":{"_cons":"boolFalse"}})");
  CHECK(world.connection->held() == 0);
  CHECK(world.connection->idle());
}

TEST_CASE("A request that waits for a name keeps its place") {
  ScriptedWorld world([](const tl::Value& query) -> std::string {
    if (query.constructor() != "contacts.resolveUsername") {
      return query.constructor() == "test.act" ? R"({"_cons":"boolTrue"})"
                                               : R"({"_cons":"updatesTooLong"})";
    }
    return query["username"].text() == "nobody" ? rpc_error(400, "USERNAME_NOT_OCCUPIED")
                                                : resolved("77");
  });
  world.send(send_to(1, "@Somebody"));
  world.send(R"({"id":2,"message":{"_cons":"test.act","n":1}})");
  REQUIRE(world.telegram.asked.size() == 3);
  CHECK(world.telegram.asked[0].method == "contacts.resolveUsername");
  CHECK(world.telegram.asked[1].method == "messages.sendMessage");
  CHECK(has(world.telegram.asked[1].whole, R"("user_id":77,"access_hash":9)"));
  CHECK(world.telegram.asked[2].method == "test.act");
  world.object(1);

  // Known now.
  world.ask(send_to(3, "@somebody"));
  CHECK(world.telegram.asked.size() == 4);
  world.ask(send_to(4, "me"));
  CHECK(has(world.telegram.asked[4].whole, "inputPeerSelf"));

  const auto reply = world.ask(send_to(5, "@nobody"));
  CHECK(has(reply, R"({"id":5,"message":{"_cons":"rpc_error","error_code":400,)"
                   R"("error_message":"USERNAME_NOT_OCCUPIED","_name":"USERNAME_NOT_OCCUPIED")"));
}

TEST_CASE("Above 1,024 requests in flight it is Busy") {
  ScriptedWorld world(silence);
  for (int id = 1; id <= 1024; ++id) {
    world.send(R"({"id":)" + std::to_string(id) + R"(,"message":{"_cons":"test.act","n":1}})");
  }
  CHECK(world.mail.objects.empty());
  world.send(R"({"id":2000,"options":{}})");
  REQUIRE(world.mail.objects.size() == 1);
  CHECK(has(world.mail.objects[0], R"({"id":2000,"error":"Busy")"));
  CHECK(has(world.mail.objects[0], R"("limit":1024)"));
}

TEST_CASE("At the bound of memory it is Busy") {
  Terms options;
  options.max_memory = 1'000'000;
  ScriptedWorld world(nearest, options);
  world.memory.take(1'000'000);
  const auto reply = world.ask(ask_nearest);
  CHECK(has(reply, R"({"id":5,"error":"Busy")"));
  CHECK(has(reply, R"("limit":1000000)"));
  world.memory.give(1'000'000);
  CHECK(world.ask(ask_nearest) == nearest_text);
}

TEST_CASE("No answer in time is rpc_timeout, and a late one is dropped") {
  ScriptedWorld world(silence);
  world.send(
      R"({"id":4,"timeout":0.5,"message":{"_cons":"messages.sendMessage","peer":"me","message":"x"}})");
  world.pass(400ms);
  CHECK(world.mail.objects.empty());
  world.pass(100ms);
  const auto reply = world.object(0);
  CHECK(has(reply, R"({"id":4,"message":{"_cons":"rpc_timeout","error_message":")"));
  CHECK(has(reply, R"("_random_id":)"));
  REQUIRE(world.telegram.asked.size() == 1);
  CHECK_FALSE(world.telegram.answer(0, R"({"_cons":"updatesTooLong"})"));
  world.telegram.push(R"({"_cons":"updatesTooLong"})");
  CHECK(world.object(1) == R"({"id":0,"message":{"_cons":"updatesTooLong"}})");
  CHECK(world.mail.objects.size() == 2);
}

TEST_CASE("An update that nobody wants is not sent") {
  ScriptedWorld world(nearest);
  world.ask(ask_nearest);
  world.ask(R"({"options":{"updates":false}})");
  world.telegram.push(R"({"_cons":"updatesTooLong"})");
  CHECK(world.ask(ask_nearest) == nearest_text);
}

TEST_CASE("An rpc_error carries its name and its value") {
  ScriptedWorld world([](const tl::Value&) { return rpc_error(420, "FLOOD_WAIT_30"); });
  CHECK(
      world.ask(ask_nearest) ==
      R"({"id":5,"message":{"_cons":"rpc_error","error_code":420,"error_message":"FLOOD_WAIT_30",)"
      R"("_name":"FLOOD_WAIT","_value":30}})");
}

TEST_CASE("A refusal of a peer whose hash a double has rounded says so, once a connection") {
  const auto refusing = [](const tl::Value& query) {
    return query.constructor() == "contacts.resolveUsername"
               ? R"({"_cons":"contacts.resolvedPeer","peer":{"_cons":"peerUser","user_id":7},)"
                 R"("chats":[],"users":[{"_cons":"user","id":7,"access_hash":5000000000000000100}]})"
               : rpc_error(400, "PEER_ID_INVALID");
  };
  const auto to = [](std::string_view hash) {
    return R"({"id":1,"message":{"_cons":"messages.sendMessage","message":"hi","random_id":4,)"
           R"("peer":{"_cons":"inputPeerUser","user_id":7,"access_hash":)" +
           std::string(hash) + "}}}";
  };
  constexpr std::string_view hint =
      R"("_name":"PEER_ID_INVALID"},"hint":"`access_hash` 7322736019842080000 was not given so)";
  ScriptedWorld world(refusing);
  CHECK_FALSE(has(world.ask(to("7322736019842079875")), "hint"));
  CHECK_FALSE(has(world.ask(to("\"7322736019842080000\"")), "hint"));
  CHECK(has(world.ask(to("7322736019842080000")), hint));
  CHECK_FALSE(has(world.ask(to("7322736019842080000")), "hint"));

  ScriptedWorld given(refusing);
  CHECK(has(given.ask(R"({"message":{"_cons":"contacts.resolveUsername","username":"ada"}})"),
            "5000000000000000100"));
  CHECK_FALSE(has(given.ask(to("5000000000000000100")), "hint"));
  CHECK(has(given.ask(to("7322736019842080000")), hint));

  ScriptedWorld plain(refusing);
  plain.ask(R"({"options":{"json":"plain"}})");
  CHECK_FALSE(has(plain.ask(to("7322736019842080000")), "hint"));
}

TEST_CASE("A refusal that is about no peer and no file has no hint") {
  ScriptedWorld world([](const tl::Value&) { return rpc_error(403, "CHAT_WRITE_FORBIDDEN"); });
  const auto reply = world.ask(
      R"({"message":{"_cons":"messages.sendMessage","message":"hi","random_id":4,)"
      R"("peer":{"_cons":"inputPeerUser","user_id":7,"access_hash":7322736019842080000}}})");
  CHECK(has(reply, "CHAT_WRITE_FORBIDDEN"));
  CHECK_FALSE(has(reply, "hint"));
}

TEST_CASE("A FLOOD_WAIT that may be waited for is") {
  int times = 0;
  ScriptedWorld world([&](const tl::Value& query) {
    return times++ == 0 ? rpc_error(420, "FLOOD_WAIT_1") : nearest(query);
  });
  CHECK(has(world.ask(R"({"options":{"flood_wait":1}})"), R"("flood_wait":1)"));
  CHECK(world.ask(ask_nearest) == "");
  world.pass(1s);
  CHECK(world.object(1) == nearest_text);
  CHECK(times == 2);
}

TEST_CASE("CONNECTION_NOT_INITED wraps once more, once") {
  int times = 0;
  ScriptedWorld world([&](const tl::Value& query) {
    return ++times == 2 ? rpc_error(400, "CONNECTION_NOT_INITED") : nearest(query);
  });
  world.ask(ask_nearest);
  CHECK(world.ask(ask_nearest) == nearest_text);
  REQUIRE(world.telegram.asked.size() == 3);
  CHECK(!has(world.telegram.asked[1].whole, "initConnection"));
  CHECK(has(world.telegram.asked[2].whole, "initConnection"));

  ScriptedWorld stubborn([](const tl::Value&) { return rpc_error(400, "CONNECTION_NOT_INITED"); });
  CHECK(has(stubborn.ask(ask_nearest), "CONNECTION_NOT_INITED"));
  CHECK(stubborn.telegram.asked.size() == 2);
}

TEST_CASE("A client's own invokeWithLayer is left alone, but for a layer that is not loaded") {
  ScriptedWorld world(nearest);
  const auto own = [](int layer) {
    return R"({"id":5,"message":{"_cons":"invokeWithLayer","layer":)" + std::to_string(layer) +
           R"(,"_wrapped":{"_cons":"help.getNearestDc"}}})";
  };
  CHECK(world.ask(own(50)) == nearest_text);
  CHECK(world.telegram.asked[0].whole ==
        R"({"_cons":"invokeWithLayer","layer":50,"query":{"_cons":"help.getNearestDc"}})");
  CHECK(world.ask(own(73)) == nearest_text);
  CHECK(has(world.telegram.asked[1].whole, R"("layer":100)"));
}

TEST_CASE("A client's own initConnection gets the layer around it") {
  ScriptedWorld world(nearest);
  CHECK(world.ask(R"({"id":5,"message":{"_cons":"initConnection","api_id":7,)"
                  R"("query":{"_cons":"help.getNearestDc"}}})") == nearest_text);
  CHECK(has(world.telegram.asked[0].whole,
            R"({"_cons":"invokeWithLayer","layer":100,"query":{"_cons":"initConnection")"));
  CHECK(has(world.telegram.asked[0].whole, R"("api_id":7)"));
}

TEST_CASE("A connection's own identity and layer go into the wrapping") {
  ScriptedWorld world(nearest);
  const auto reply = world.ask(
      R"({"options":{"layer":50,"api_id":"12","api_hash":"secret","device_model":"toaster"}})");
  CHECK(has(reply, R"("api_id":12,"api_hash":true,"device_model":"toaster")"));
  CHECK(!has(reply, "secret"));
  world.ask(ask_nearest);
  CHECK(has(world.telegram.asked[0].whole, R"("layer":50)"));
  CHECK(has(world.telegram.asked[0].whole, R"("api_id":12,"device_model":"toaster")"));
  CHECK(has(world.ask(R"({"options":{"layer":100}})"), R"("path":"/options/layer")"));
}

TEST_CASE("after makes Telegram wait for the requests that are named") {
  ScriptedWorld world(silence);
  world.send(R"({"id":"first","message":{"_cons":"test.act","n":1}})");
  world.send(R"({"id":"x","after":["first","unknown"],"message":{"_cons":"test.act","n":2}})");
  REQUIRE(world.telegram.asked.size() == 2);
  CHECK(world.telegram.asked[1].options.after == std::vector{world.telegram.asked[0].id});
}

TEST_CASE("Where nobody listens it is a ConnectionError, and service when somebody does") {
  ScriptedWorld world(nearest);
  const auto set = world.ask(R"({"server":{"host":"127.0.0.1","port":1}})");
  CHECK(has(set, R"({"id":1,"server":{"host":"127.0.0.1","port":1)"));
  CHECK(has(set, R"("telegram":"custom")"));
  world.telegram.failing = upstream_failure("Connection refused");
  const auto reply = world.ask(ask_nearest);
  CHECK(has(reply, R"({"id":5,"error":"ConnectionError")"));
  CHECK(has(reply, R"("reason":"Connection refused","dc":2)"));
  const auto& there = world.telegram.settings.back();
  CHECK(there.telegram->addresses(there.dc) ==
        std::vector<server::upstream::Address>{{"127.0.0.1", 1}});
  world.telegram.failing.reset();
  CHECK(has(world.ask(R"({"server":{"dc":2}})"), R"("telegram":"sandbox")"));
  CHECK(world.ask(ask_nearest) == nearest_text);
}

TEST_CASE("A failure for good is told once, and the next request dials again") {
  ScriptedWorld world(nearest);
  world.telegram.failing = upstream_failure("wrong key", true);
  const auto reply = world.ask(ask_nearest);
  CHECK(has(reply, R"("error":"ConnectionError")"));
  CHECK(has(reply, R"("reason":"wrong key")"));
  CHECK(world.telegram.dialled == 1);
  CHECK(world.mail.objects.size() == 1);
  world.telegram.failing.reset();
  CHECK(world.ask(ask_nearest) == nearest_text);
}

TEST_CASE("A session that a client brings is the one that is spoken in") {
  ScriptedWorld world(nearest);
  const auto key = std::string(342, 'A') + "==";
  const auto set = R"({"session":{"session_id":5,"last_seqno":3,"auth_key":")" + key + R"("}})";
  CHECK(has(world.ask(set), R"("session_id":5,)"));
  CHECK(world.ask(ask_nearest) == nearest_text);
  CHECK(world.telegram.made_keys == 0);
}

TEST_CASE("A session whose numbers came home damaged goes on under a fresh id, which is shown") {
  ScriptedWorld world(nearest);
  const auto key = std::string(342, 'A') + "==";
  for (const auto* damaged : {"7322736019842080000", "-5", "1.2345e13", "1e400"}) {
    const auto reply = world.ask(R"({"session":{"session_id":)" + std::string(damaged) +
                                 R"(,"last_seqno":3,"auth_key":")" + key + R"("}})");
    CHECK(has(reply, R"({"id":1,"session":{"session_id":)"));
    CHECK(has(reply, key));
    CHECK_FALSE(has(reply, R"("session_id":0,)"));
    CHECK_FALSE(has(reply, R"("session_id":)" + std::string(damaged)));
    CHECK(world.ask(ask_nearest) == nearest_text);
  }
  CHECK(world.telegram.made_keys == 0);
}

TEST_CASE("Clients that bring one key share its session, and it goes on in another connection") {
  ScriptedWorld world(nearest);
  auto reply = world.ask(R"({"session":{},"message":{"_cons":"help.getNearestDc"}})");
  const auto line = reply.substr(0, reply.find(",\"message\"")) + "}";
  const auto session_id = line.substr(line.find("\"session_id\":"), 25);

  RecordingSink second;
  auto other = world.connect(second);
  world.send(*other, R"({"options":{"events":true}})");
  world.send(*other, line);
  REQUIRE(second.objects.size() == 3);
  CHECK(second.objects[1] == R"({"id":0,"connection":{"dc":2,"state":"ready"}})");
  CHECK(has(second.objects[2], session_id));
  world.send(*other, ask_nearest);
  CHECK(second.objects.back() == nearest_text);
  CHECK(world.telegram.dialled == 1);

  world.connection->close();
  world.send(*other, ask_nearest);
  CHECK(second.objects.back() == nearest_text);
  other->close();
  RecordingSink third;
  auto heir = world.connect(third);
  world.send(*heir, line);
  REQUIRE(third.objects.size() == 1);
  CHECK(has(third.objects[0], session_id));
  world.send(*heir, ask_nearest);
  CHECK(third.objects.back() == nearest_text);
  heir->close();
}

TEST_CASE("Setting the server loses what is in flight and keeps the key of the same place") {
  ScriptedWorld world(silence);
  world.send(R"({"id":8,"message":{"_cons":"test.act","n":1}})");
  REQUIRE(world.telegram.asked.size() == 1);
  const auto key = world.ask(R"({"id":9,"session":{}})");
  const auto auth_key = key.substr(key.find("\"auth_key\""), 100);
  world.send(R"({"id":10,"server":{"dc":2},"session":{}})");
  CHECK(has(world.object(1), R"({"id":8,"error":"OutcomeUnknown")"));
  CHECK(has(world.object(2), auth_key));
}

TEST_CASE("A request outlives the connection that it was written to") {
  ScriptedWorld world([&, first = true](const tl::Value& query) mutable {
    return std::exchange(first, false) ? std::string() : nearest(query);
  });
  world.send(ask_nearest);
  world.telegram.close();
  CHECK(world.mail.objects.empty());
  world.telegram.come_back();
  CHECK(world.object(0) == nearest_text);
}

TEST_CASE("What can't be asked again is OutcomeUnknown when its time is up") {
  ScriptedWorld world(silence);
  world.send(R"({"id":8,"message":{"_cons":"test.act","n":1}})");
  world.telegram.close();
  world.pass(9s);
  CHECK(world.mail.objects.empty());
  world.pass(1s);
  CHECK(has(world.object(0), R"({"id":8,"error":"OutcomeUnknown")"));
}

TEST_CASE("A request that Telegram is known to have lost is OutcomeUnknown at once") {
  ScriptedWorld world(silence);
  world.send(R"({"id":8,"message":{"_cons":"test.act","n":1}})");
  world.telegram.lose(0);
  CHECK(has(world.object(0), R"({"id":8,"error":"OutcomeUnknown")"));
  CHECK(world.connection->idle());
}

TEST_CASE("events tell of the upstream connection") {
  ScriptedWorld world(nearest);
  world.ask(R"({"options":{"events":true}})");
  world.send(ask_nearest);
  CHECK(world.object(1) == R"({"id":0,"connection":{"dc":2,"state":"connecting"}})");
  CHECK(world.object(2) == R"({"id":0,"connection":{"dc":2,"state":"key_exchange"}})");
  CHECK(world.object(3) == R"({"id":0,"connection":{"dc":2,"state":"ready"}})");
  CHECK(world.object(4) == nearest_text);
  world.telegram.close();
  CHECK(world.object(5) == R"({"id":0,"connection":{"dc":2,"state":"waiting","retry_in":0.700,)"
                           R"("reason":"the data centre closed the connection"}})");
  CHECK(world.mail.objects.size() == 6);
}

TEST_CASE("events are told to nobody who did not ask for them") {
  ScriptedWorld world(nearest);
  world.send(ask_nearest);
  world.telegram.close();
  CHECK(world.mail.objects == std::vector<std::string>{std::string(nearest_text)});
}

TEST_CASE("Unknown fields can be ignored, and are listed") {
  ScriptedWorld world([](const tl::Value&) { return std::string(R"({"_cons":"boolTrue"})"); });
  CHECK(world
            .ask(R"({"options":{"unknown":"ignore"},)"
                 R"("message":{"_cons":"test.act","n":1,"extra":{"a":1}}})")
            .ends_with(R"("message":{"_cons":"boolTrue"},"ignored":["/message/extra"]})"));
}

TEST_CASE("An answer above 256 KiB is decoded apart and nothing overtakes it") {
  ScriptedWorld world([](const tl::Value& query) -> std::string {
    if (query.constructor() != "test.getBox") return R"({"_cons":"boolTrue"})";
    return R"({"_cons":"box","text":")" + std::string(400'000, 'A') + "\"}";
  });
  world.send(R"({"id":1,"message":{"_cons":"test.getBox","n":1}})");
  world.send(R"({"id":2,"message":{"_cons":"test.act","n":1}})");
  CHECK(world.object(0) ==
        R"({"id":1,"message":{"_cons":"box","text":")" + std::string(400'000, 'A') + "\"}}");
  CHECK(world.object(1) == R"({"id":2,"message":{"_cons":"boolTrue"}})");
}

TEST_CASE("At the end of the input what was asked is answered, then it is over") {
  ScriptedWorld world(nearest);
  world.put(ask_nearest);
  world.connection->end();
  CHECK(!world.mail.finished);
  CHECK(world.object(0) == nearest_text);
  CHECK(world.mail.finished);
}

TEST_CASE("A client that is gone in the middle of a request disturbs nobody") {
  ScriptedWorld world(silence);
  world.send(ask_nearest);
  REQUIRE(world.telegram.asked.size() == 1);
  world.connection->close();
  CHECK_FALSE(world.telegram.answer(0, nearest({})));
  world.turn();
  CHECK(world.mail.objects.empty());
}

TEST_CASE("Tracebacks go to the client where it was asked for") {
  Terms options;
  options.send_tracebacks = true;
  ScriptedWorld world(nearest, options);
  CHECK(has(
      world.ask(R"({"id":6,"message":{"_cons":"test.act","n":{}}})"),
      R"("traceback":["serving request 6","encoding \"test.act\"","TypeError at /message/n: )"));
}
