#include <catch2/catch.hpp>

#include "mtproto/message/gzip.hpp"
#include "server.hpp"

using namespace mtproto;
using namespace support;

TEST_CASE("a call is told, and its answer goes back after new_session_created") {
  Server server;
  server.tell(server.client.say(ask));
  const auto call = server.client.last;
  const auto events = server.host->take_events();
  const auto seen = of_kind<SessionSeen>(events);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].session == server.address());
  const auto requests = of_kind<Request>(events);
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].from == server.address());
  CHECK(requests[0].message == call);
  CHECK(requests[0].body == ask);
  CHECK(server.host->answer(server.address(), call, reply, server.now));
  const auto heard = server.heard();
  REQUIRE(heard.size() == 2);
  const auto created = read_service<NewSessionCreated>(heard[0].body);
  REQUIRE(created.has_value());
  CHECK(created->first_msg_id == call);
  CHECK(created->server_salt == Server::salt);
  CHECK(heard[0].id.value() % 4 == 3);
  CHECK(heard[0].seqno % 2 == 1);
  const auto result = read_rpc_result(heard[1].body);
  REQUIRE(result.has_value());
  CHECK(result->req_msg_id == call);
  CHECK(Bytes(result->result.begin(), result->result.end()) == reply);
  CHECK(heard[1].id.value() % 4 == 1);
  CHECK(heard[1].seqno % 2 == 1);
}

TEST_CASE("future salts are those that come") {
  Server server;
  server.settle();
  const auto heard = server.after(server.client.say(GetFutureSalts{3}));
  const auto salts = read_service<FutureSalts>(heard.at(0).body);
  REQUIRE(salts.has_value());
  CHECK(salts->req_msg_id == server.client.last);
  REQUIRE(salts->salts.size() == 3);
  CHECK(salts->salts[0].salt == Server::salt);
  for (std::size_t i = 1; i < 3; ++i) {
    CHECK(salts->salts[i].valid_since == salts->salts[i - 1].valid_since + 1800);
    CHECK(salts->salts[i].valid_until == salts->salts[i].valid_since + 3600);
  }
  server.client.salt = salts->salts[1].salt;
  CHECK(those(server.after(server.client.say(Ping{1})), BadServerSalt::id).size() == 1);
  server.pass(31min);
  CHECK(those(server.after(server.client.say(Ping{1})), Pong::id).size() == 1);
}

TEST_CASE("pings are answered, and ping_delay_disconnect ends the connection in time") {
  Server server;
  server.settle();
  const auto pong = server.after(server.client.say(Ping{7}));
  CHECK(read_service<Pong>(pong.at(0).body)->ping_id == 7);
  CHECK(read_service<Pong>(pong.at(0).body)->msg_id == server.client.last);
  server.tell(server.client.say(PingDelayDisconnect{8, 75}));
  server.pass(60s);
  server.tell(server.client.say(PingDelayDisconnect{8, 75}));
  server.pass(74s);
  CHECK(server.events<HostFailed>().empty());
  CHECK(server.host->deadline() <= server.now + 1s);
  server.pass(1s);
  CHECK(server.events<HostFailed>().size() == 1);
}

TEST_CASE("sessions and keys can be destroyed, but no session destroys itself") {
  Server server;
  server.settle();
  const auto own = server.client.session;
  server.client.session = SessionId(2);
  server.settle();
  CHECK(those(server.after(server.client.say(DestroySession{SessionId(2)})), DestroySessionNone::id)
            .size() == 1);
  CHECK(those(server.after(server.client.say(DestroySession{own})), DestroySessionOk::id).size() ==
        1);
  const auto gone = server.events<SessionGone>();
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].session.session == own);
  CHECK(
      those(server.after(server.client.say(DestroySession{own})), DestroySessionNone::id).size() ==
      1);
  CHECK(those(server.after(server.client.say(DestroyAuthKey{})), DestroyAuthKeyOk::id).size() == 1);
  CHECK(server.events<KeyGone>().size() == 1);
  CHECK(server.ring.find(server.client.key.id()) == nullptr);
  server.after(server.client.say(Ping{1}));
  REQUIRE(server.client.plain.size() == 1);
  CHECK(tl::Reader(server.client.plain[0]).int32() == -404);
}

TEST_CASE("a large answer is packed where that helps") {
  Server server;
  server.settle();
  server.tell(server.client.say(ask));
  server.host->answer(server.address(), server.client.last, Bytes(50'000, 1), server.now);
  Bytes out;
  REQUIRE(server.host->take_output(out));
  CHECK(out.size() < 1'000);
  const auto results = those(server.client.hear(out), RpcResult::id);
  REQUIRE(results.size() == 1);
  CHECK(read_rpc_result(results[0].body)->result.size() == 50'000);
}

TEST_CASE("several sessions share a connection") {
  Server server;
  server.settle();
  const auto one = server.address();
  server.client.session = SessionId(2);
  server.client.sequence = {};
  server.tell(server.client.say(ask));
  CHECK(server.events<SessionSeen>().size() == 1);
  server.heard();
  CHECK(server.host->push(one, words({0xdddd0001}), server.now));
  CHECK(server.host->push(server.address(), words({0xdddd0002}), server.now));
  const auto heard = server.heard();
  CHECK(those(heard, 0xdddd0001).at(0).head.session == one.session);
  CHECK(those(heard, 0xdddd0002).at(0).head.session == SessionId(2));
}

TEST_CASE("a key has at most 64 sessions; the one idle longest goes") {
  Server server;
  server.settle();
  const auto first = server.address();
  for (std::uint64_t i = 100; i < 164; ++i) {
    server.pass(1ms);
    server.client.session = SessionId(i);
    server.after(server.client.say(Ping{1}));
  }
  CHECK_FALSE(server.host->push(first, reply, server.now));
  CHECK(server.host->push({first.key, SessionId(100)}, reply, server.now));
}

TEST_CASE("a quick acknowledgement is given where it is asked for") {
  Server server;
  server.settle();
  auto bytes = server.client.say(Ping{1});
  bytes[3] |= 0x80;
  server.tell(bytes);
  Bytes out;
  REQUIRE(server.host->take_output(out));
  CHECK((out.at(3) & 0x80) != 0);
  Packet quick;
  server.client.transport.feed(out);
  auto next = server.client.transport.next();
  REQUIRE(next.has_value());
  REQUIRE(next->has_value());
  CHECK((*next)->quick_ack);
}

TEST_CASE("a request may be packed") {
  Server server;
  server.settle();
  Bytes big(5'000, 3);
  server.tell(server.client.say(tl::ByteView(*pack_gzip(big))));
  const auto requests = server.events<Request>();
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].body == big);
}

TEST_CASE("every framing is understood") {
  for (const auto framing :
       {Framing::abridged, Framing::intermediate, Framing::padded, Framing::full}) {
    ClientTransport transport;
    transport.framing = framing;
    transport.obfuscated = framing == Framing::padded;
    Server server({}, transport);
    CHECK(those(server.after(server.client.say(Ping{1})), Pong::id).size() == 1);
    CHECK(server.host->framing() == framing);
    CHECK(server.host->obfuscated() == transport.obfuscated);
  }
}
