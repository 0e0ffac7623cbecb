#include <catch2/catch.hpp>

#include "mtproto/message/gzip.hpp"
#include "server.hpp"

using namespace mtproto;
using namespace support;

namespace {
const auto ask = words({0xaaaa0001, 1});
const auto reply = words({0xbbbb0001, 2});
}  // namespace

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

TEST_CASE("message ids out of bounds are 16, 17 and 18") {
  Server server;
  server.settle();
  const auto said = [&](MessageId id) {
    const auto got = notice(server.after(server.client.say_as(id, 1, ask)));
    CHECK(got.bad_msg_id == id);
    CHECK(server.events<Request>().empty());
    return got.error_code;
  };
  CHECK(said(MessageId(message_id_at(server.client.wall - 301s).value() & ~3ull)) == 16);
  CHECK(said(MessageId(message_id_at(server.client.wall + 31s).value() & ~3ull)) == 17);
  CHECK(said(MessageId((message_id_at(server.client.wall).value() & ~3ull) | 1)) == 18);
}

TEST_CASE("a container's id that was seen is 19") {
  Server server;
  server.settle();
  const auto inner = server.client.next_id(MessageKind::from_client);
  const auto outer = server.client.next_id(MessageKind::from_client);
  Bytes body;
  write_container(std::vector{InnerMessage{inner, 1, ask}}, body);
  server.after(server.client.say_as(outer, 2, body));
  CHECK(server.events<Request>().size() == 1);
  const auto got = notice(server.after(server.client.say_as(outer, 2, body)));
  CHECK(got.error_code == 19);
  CHECK(got.bad_msg_id == outer);
  CHECK(server.events<Request>().empty());
}

TEST_CASE("sequence numbers below and above what was seen are 32 and 33") {
  Server server;
  server.settle();
  const auto early = server.client.next_id(MessageKind::from_client);
  server.tell(server.client.say_as(server.client.next_id(MessageKind::from_client), 9, ask));
  CHECK(server.events<Request>().size() == 1);
  server.heard();
  const auto low = server.client.next_id(MessageKind::from_client);
  CHECK(notice(server.after(server.client.say_as(low, 7, ask))).error_code == 32);
  const auto same = server.client.next_id(MessageKind::from_client);
  CHECK(notice(server.after(server.client.say_as(same, 9, ask))).error_code == 32);
  CHECK(notice(server.after(server.client.say_as(early, 11, ask))).error_code == 33);
  CHECK(server.events<Request>().empty());
}

TEST_CASE("wrong parity is 34 and 35 for a strict host, and nothing for another") {
  for (const bool strict : {true, false}) {
    HostOptions options;
    options.strict_seqno = strict;
    Server server(options);
    server.settle();
    const auto even = server.client.next_id(MessageKind::from_client);
    const auto call = server.after(server.client.say_as(even, 0, ask));
    const auto odd = server.client.next_id(MessageKind::from_client);
    const auto ack = server.after(server.client.say_as(odd, 1, write_service(MsgsAck{{even}})));
    if (strict) {
      CHECK(notice(call).error_code == 35);
      CHECK(notice(ack).error_code == 34);
      CHECK(server.events<Request>().empty());
    } else {
      CHECK(those(call, BadMsgNotification::id).empty());
      CHECK(those(ack, BadMsgNotification::id).empty());
      CHECK(server.events<Request>().size() == 1);
    }
  }
}

TEST_CASE("containers inside containers, too many messages, and ids above the container's are 64") {
  Server server;
  server.settle();
  Bytes nested;
  write_container({}, nested);
  CHECK(notice(server.after(server.client.say_together({nested}))).error_code == 64);
  CHECK(
      notice(server.after(server.client.say_together(std::vector<Bytes>(1025, ask)))).error_code ==
      64);
  const auto outer = server.client.next_id(MessageKind::from_client);
  const auto inner = server.client.next_id(MessageKind::from_client);
  Bytes body;
  write_container(std::vector{InnerMessage{inner, 1, ask}}, body);
  CHECK(notice(server.after(server.client.say_as(outer, 2, body))).error_code == 64);
  CHECK(server.events<Request>().empty());
  server.after(server.client.say_together(std::vector<Bytes>(1024, write_service(Ping{1})), false));
  CHECK(server.events<HostFailed>().empty());
}

TEST_CASE("a wrong salt is refused with the right one, and nothing is carried out") {
  Server server;
  server.client.salt = 1;
  const auto heard = server.after(server.client.say(ask));
  REQUIRE(heard.size() == 1);
  const auto bad = read_service<BadServerSalt>(heard[0].body);
  REQUIRE(bad.has_value());
  CHECK(bad->bad_msg_id == server.client.last);
  CHECK(bad->error_code == 48);
  CHECK(bad->new_server_salt == Server::salt);
  CHECK(server.events<Request>().empty());
}

TEST_CASE("a salt lasts half an hour and is taken half an hour more") {
  Server server;
  server.settle();
  server.pass(45min);
  const auto pong = server.after(server.client.say(Ping{1}));
  REQUIRE(those(pong, Pong::id).size() == 1);
  const auto next = pong[0].head.salt;
  CHECK(next != Server::salt);
  server.pass(16min);
  CHECK(those(server.after(server.client.say(Ping{1})), BadServerSalt::id).size() == 1);
  server.client.salt = next;
  CHECK(those(server.after(server.client.say(Ping{1})), Pong::id).size() == 1);
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

TEST_CASE("a request that was answered is not carried out again; its answer is said again") {
  Server server;
  server.settle();
  server.tell(server.client.say(ask));
  const auto id = server.client.last;
  server.events<Request>();
  server.host->answer(server.address(), id, reply, server.now);
  const auto first = those(server.heard(), RpcResult::id);
  REQUIRE(first.size() == 1);
  const auto heard = server.after(server.client.say_as(id, 1, ask));
  CHECK(server.events<Request>().empty());
  const auto again = those(heard, RpcResult::id);
  REQUIRE(again.size() == 1);
  CHECK(again[0].id == first[0].id);
  CHECK(again[0].body == first[0].body);
  CHECK(again[0].container);
}

TEST_CASE("a request that is being carried out is only acknowledged when it comes again") {
  Server server;
  server.settle();
  server.tell(server.client.say(ask));
  const auto id = server.client.last;
  CHECK(server.events<Request>().size() == 1);
  const auto heard = server.after(server.client.say_as(id, 1, ask));
  CHECK(server.events<Request>().empty());
  CHECK(those(heard, MsgsAck::id).size() >= 1);
}

TEST_CASE("a request without an answer is acknowledged after a while, one with an answer by it") {
  Server server;
  server.settle();
  server.tell(server.client.say(ask));
  const auto slow = server.client.last;
  CHECK(server.heard().empty());
  REQUIRE(server.host->deadline());
  server.pass(*server.host->deadline() - server.now);
  const auto acks = those(server.heard(), MsgsAck::id);
  REQUIRE(acks.size() == 1);
  CHECK(read_service<MsgsAck>(acks[0].body)->msg_ids == std::vector{slow});
  server.tell(server.client.say(ask));
  server.host->answer(server.address(), server.client.last, reply, server.now);
  CHECK(those(server.heard(), MsgsAck::id).empty());
}

TEST_CASE("what was not acknowledged is said again on the next connection, in a container") {
  Server server;
  server.settle();
  server.tell(server.client.say(ask));
  server.host->answer(server.address(), server.client.last, reply, server.now);
  server.host->push(server.address(), words({0xdddd0001}), server.now);
  const auto first = server.heard();
  REQUIRE(first.size() == 2);
  server.connect();
  const auto second = server.after(server.client.say(Ping{1}));
  REQUIRE(second.size() == 3);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(second[i].id == first[i].id);
    CHECK(second[i].seqno == first[i].seqno);
    CHECK(second[i].body == first[i].body);
    CHECK(second[i].container);
  }
  server.tell(server.client.say(MsgsAck{{first[0].id, first[1].id}}));
  server.connect();
  CHECK(server.after(server.client.say(Ping{1})).size() == 1);
}

TEST_CASE("answers and pushes for a session that is elsewhere wait for it") {
  Server server;
  server.settle();
  server.tell(server.client.say(ask));
  const auto id = server.client.last;
  server.connect();
  CHECK_FALSE(server.host->answer(server.address(), id, reply, server.now));
  CHECK_FALSE(server.host->push(server.address(), words({0xdddd0001}), server.now));
  CHECK(server.heard().empty());
  const auto heard = server.after(server.client.say(Ping{1}));
  CHECK(those(heard, RpcResult::id).size() == 1);
  CHECK(those(heard, 0xdddd0001).size() == 1);
  CHECK_FALSE(server.host->push({server.client.key.id(), SessionId(404)}, reply, server.now));
}

TEST_CASE("states of messages are told, and messages are resent, as asked") {
  Server server;
  server.settle();
  server.tell(server.client.say(ask));
  const auto answered = server.client.last;
  server.host->answer(server.address(), answered, reply, server.now);
  const auto result = those(server.heard(), RpcResult::id).at(0);
  server.tell(server.client.say(ask));
  const auto running = server.client.last;
  const MessageId newer(running.value() + (1ull << 33));
  const MessageId never(running.value() - (1ull << 32));
  const auto info =
      those(server.after(server.client.say(MsgsStateReq{{answered, running, newer, never}})),
            MsgsStateInfo::id);
  REQUIRE(info.size() == 1);
  CHECK(read_service<MsgsStateInfo>(info[0].body)->info == Bytes{4 + 64, 4 + 32, 3, 2});

  auto again = those(server.after(server.client.say(MsgResendReq{{result.id}})), RpcResult::id);
  REQUIRE(again.size() == 1);
  CHECK(again[0].id == result.id);
  again = those(server.after(server.client.say(MsgResendAnsReq{{answered}})), RpcResult::id);
  REQUIRE(again.size() == 1);
  CHECK(again[0].id == result.id);
  CHECK(those(server.after(server.client.say(MsgResendReq{{MessageId(5)}})), MsgsStateInfo::id)
            .size() == 1);
}

TEST_CASE("answers are dropped when the client asks so") {
  Server server;
  server.settle();
  const auto drop = [&](MessageId id) {
    const auto results =
        those(server.after(server.client.say(RpcDropAnswer{id}, true)), RpcResult::id);
    REQUIRE(results.size() == 1);
    return tl::Reader(read_rpc_result(results[0].body)->result).peek();
  };
  CHECK(drop(MessageId(4)) == RpcAnswerUnknown::id);
  server.tell(server.client.say(ask));
  const auto running = server.client.last;
  CHECK(drop(running) == RpcAnswerDroppedRunning::id);
  CHECK(server.events<AnswerDropped>().size() == 1);
  server.host->answer(server.address(), running, reply, server.now);
  CHECK(those(server.heard(), RpcResult::id).empty());
  server.tell(server.client.say(ask));
  const auto done = server.client.last;
  server.host->answer(server.address(), done, reply, server.now);
  server.heard();
  CHECK(drop(done) == RpcAnswerDropped::id);
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

TEST_CASE("an unknown key, and one that has expired, get -404") {
  Server server;
  server.client.key = fixed_key(1234);
  CHECK(server.after(server.client.say(Ping{1})).empty());
  REQUIRE(server.client.plain.size() == 1);
  CHECK(server.client.plain[0] == words({static_cast<std::uint32_t>(-404)}));
  server.ring.add(server.client.key, Server::salt, server.now, 60);
  CHECK(those(server.after(server.client.say(Ping{1})), Pong::id).size() == 1);
  server.pass(60s);
  CHECK(server.after(server.client.say(Ping{1})).empty());
  CHECK(server.client.plain.size() == 2);
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

TEST_CASE("a tampered packet ends the connection without a word") {
  Server server;
  server.settle();
  auto bytes = server.client.say(ask);
  bytes.back() ^= 1;
  CHECK(server.after(bytes).empty());
  const auto failed = server.events<HostFailed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].why == errc::bad_msg_key);
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
