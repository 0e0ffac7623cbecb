#include <catch2/catch.hpp>

#include "server.hpp"

using namespace mtproto;
using namespace support;

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

TEST_CASE("a flood of updates displaces no answer and no new_session_created") {
  Server server;
  const auto first = server.after(server.client.say(words({0xaaaa0001, 1})));
  REQUIRE(first.size() >= 1);
  const auto asked = server.events<Request>();
  REQUIRE(asked.size() == 1);
  server.host->answer(server.address(), asked[0].message, words({0xbbbb0001}), server.now);
  for (std::uint32_t i = 0; i < 1500; ++i) {
    server.host->push(server.address(), words({0xdddd0001, i}), server.now);
  }
  server.heard();
  server.connect();
  const auto again = server.after(server.client.say(Ping{1}));
  CHECK(those(again, RpcResult::id).size() == 1);
  CHECK(those(again, NewSessionCreated::id).size() == 1);
  CHECK(those(again, 0xdddd0001).size() == 1022);
}

TEST_CASE("what new_session_created said to be lost is not taken any more") {
  Server server;
  server.settle();
  server.client.session = SessionId(0x77);
  server.client.sequence = {};
  const auto late = server.client.say(words({0xaaaa0001, 1}));
  server.after(server.client.say(words({0xaaaa0002, 1})));
  CHECK(server.events<Request>().size() == 1);
  server.after(late);
  CHECK(server.events<Request>().empty());
}

TEST_CASE("a request that is known is received however many came since") {
  Server server;
  server.settle();
  server.after(server.client.say(words({0xaaaa0001, 1})));
  const auto request = server.client.last;
  for (int i = 0; i < 1500; ++i) server.after(server.client.say(Ping{1}));
  const auto info =
      those(server.after(server.client.say(MsgsStateReq{{request}})), MsgsStateInfo::id);
  REQUIRE(info.size() == 1);
  const auto states = read_service<MsgsStateInfo>(info[0].body)->info;
  CHECK((states.at(0) & message_state::kind) == message_state::received);
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
