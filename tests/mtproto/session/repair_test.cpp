#include <catch2/catch.hpp>

#include "client.hpp"

using namespace mtproto;
using namespace support;

TEST_CASE("a wrong salt is replaced at once and the call goes out again under a new id") {
  Client client;
  client.connect();
  const auto first = client.call(ask);
  client.tell(client.server.say(BadServerSalt{first.id, 1, 48, 0x1234}));
  const auto again = client.heard();
  REQUIRE(again.size() == 1);
  CHECK(again[0].body == ask);
  CHECK(again[0].id > first.id);
  CHECK(again[0].head.salt == 0x1234);
  CHECK(client.session.state().server_salt == 0x1234);
  client.tell(client.result(again[0].id, reply));
  CHECK(client.answers().size() == 1);
}

TEST_CASE("an answer to an earlier id of a call is its answer") {
  Client client;
  client.connect();
  const auto first = client.call(ask);
  client.tell(client.server.say(BadServerSalt{first.id, 1, 48, 0x1234}));
  client.heard();
  client.tell(client.result(first.id, reply));
  CHECK(client.answers().size() == 1);
  CHECK(client.session.in_flight() == 0);
}

TEST_CASE("a wrong salt of a container concerns all of it, acknowledgements too") {
  Client client;
  client.settle();
  client.send(words({1, 1}));
  client.send(words({2, 2}));
  const auto first = client.heard();
  REQUIRE(first.size() == 3);
  client.tell(client.server.say(BadServerSalt{first[0].head.id, 0, 48, 0x1234}));
  const auto again = client.heard();
  REQUIRE(those(again, MsgsAck::id).size() == 1);
  CHECK(those(again, MsgsAck::id)[0].body == first[0].body);
  CHECK(those(again, 1).size() == 1);
  CHECK(those(again, 2).size() == 1);
}

TEST_CASE("16: the clock is set forward and the call sent again in the same session") {
  Client client;
  client.connect(client.server.wall - 3h);
  const auto session = client.session.state().session;
  const auto first = client.call(ask);
  CHECK(time_of(first.id) < client.server.wall - 2h);
  client.tell(client.server.say(tl::ByteView(notice(first.id, 16)), false));
  const auto again = client.heard();
  REQUIRE(again.size() == 1);
  CHECK(again[0].head.session == session);
  CHECK(time_of(again[0].id) > client.server.wall - 1s);
  CHECK(client.session.server_time(client.now) > client.server.wall - 1s);
}

TEST_CASE("17: the clock is set back, and a fresh session sends all that may be sent again") {
  Client client;
  client.connect(client.server.wall + 3h);
  const auto session = client.session.state().session;
  client.send(words({1, 1}), freely());
  client.heard();
  const auto first = client.call(ask);
  client.tell(client.server.say(tl::ByteView(notice(first.id, 17)), false));
  const auto again = client.heard();
  REQUIRE(again.size() == 2);
  CHECK(again[0].body == words({1, 1}));
  CHECK(again[0].seqno == 1);
  CHECK(again[1].body == ask);
  CHECK(again[1].head.session != session);
  CHECK(client.session.state().session == again[1].head.session);
  CHECK(time_of(again[1].id) < client.server.wall + 1s);
}

TEST_CASE("32, 33, 34, 35, 18: a fresh session from sequence number 0") {
  for (const auto code : {32, 33, 34, 35, 18}) {
    Client client;
    client.settle();
    const auto session = client.session.state().session;
    client.send(ask);
    const auto first = client.heard();
    client.tell(client.server.say(tl::ByteView(notice(first.back().head.id, code)), false));
    const auto again = those(client.heard(), 0xaaaa0001);
    REQUIRE(again.size() == 1);
    CHECK(again[0].head.session != session);
    CHECK(again[0].seqno == 1);
    CHECK(client.session.state().last_seqno <= 2);
    client.tell(client.result(again[0].id, reply));
    CHECK(client.answers().size() == 1);
  }
}

TEST_CASE(
    "19: what was in the container is asked about, and nothing said again unless it was lost") {
  for (const std::uint8_t state : {message_state::received, message_state::not_received}) {
    Client client;
    client.settle();
    const auto session = client.session.state().session;
    client.send(ask);
    const auto first = client.heard();
    client.tell(client.server.say(tl::ByteView(notice(first.back().head.id, 19)), false));
    const auto asked = client.heard();
    CHECK(those(asked, 0xaaaa0001).empty());
    REQUIRE(those(asked, MsgsStateReq::id).size() == 1);
    const auto question = those(asked, MsgsStateReq::id)[0].id;
    client.tell(client.server.say(MsgsStateInfo{question, {state}}));
    const auto again = those(client.heard(), 0xaaaa0001);
    CHECK(again.size() == (state == message_state::not_received ? 1 : 0));
    CHECK(client.session.state().session == session);
    client.tell(client.result(again.empty() ? first.back().id : again[0].id, reply));
    CHECK(client.answers().size() == 1);
    CHECK(client.events<Pushed>().empty());
  }
}

TEST_CASE("a fresh session repeats no id of the one before") {
  Client client;
  client.settle();
  std::vector<MessageId> before;
  for (std::uint32_t i = 0; i < 2000; ++i) client.send(words({1, i}), freely());
  for (const auto& it : client.heard()) {
    before.push_back(it.id);
    before.push_back(it.head.id);
  }
  const auto highest = *std::max_element(before.begin(), before.end());
  client.tell(client.server.say(tl::ByteView(notice(before.front(), 32)), false));
  const auto again = client.heard();
  REQUIRE(!again.empty());
  for (const auto& it : again) CHECK(it.id > highest);
}

TEST_CASE("after a fresh session, answers of the one before still count") {
  Client client;
  client.settle();
  const auto kept = client.call(words({1, 1}));
  const auto wait = client.request;
  const auto bad = client.call(ask);
  const auto old_session = client.server.session;
  client.tell(client.server.say(tl::ByteView(notice(bad.id, 32)), false));
  // Not named by the server and not to be repeated: it waits.
  CHECK(those(client.heard(), 1).empty());
  client.server.session = old_session;
  client.tell(client.result(kept.id, reply));
  const auto answers = client.answers();
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].request == wait);
  CHECK(client.session.ready());
}

TEST_CASE("64: what was in the container goes out alone") {
  Client client;
  client.settle();
  client.send(words({1, 1}));
  client.send(words({2, 2}));
  const auto first = client.heard();
  client.tell(client.server.say(tl::ByteView(notice(first[0].head.id, 64)), false));
  const auto again = client.heard();
  int alone = 0;
  for (const auto& it : again) {
    if (it.constructor() <= 2) alone += it.container ? 0 : 1;
  }
  CHECK(alone == 2);
}

TEST_CASE("20: only what may be repeated is repeated") {
  Client client;
  client.settle();
  const auto first = client.call(ask);
  client.tell(client.server.say(tl::ByteView(notice(first.id, 20)), false));
  CHECK(client.events<Lost>().size() == 1);
  CHECK(client.heard().empty());
  const auto second = client.call(ask, freely());
  client.tell(client.server.say(tl::ByteView(notice(second.id, 20)), false));
  CHECK(client.events<Lost>().empty());
  CHECK(those(client.heard(), 0xaaaa0001).size() == 1);
}

TEST_CASE("a notice that no request explains is passed on") {
  Client client;
  client.settle();
  client.tell(client.server.say(tl::ByteView(notice(MessageId(4), 32)), false));
  CHECK(client.events<Pushed>().size() == 1);
}

TEST_CASE("a notice about an acknowledgement repairs the session silently") {
  Client client;
  client.settle();
  client.pass(20s);
  const auto acks = client.heard();
  REQUIRE(acks.size() == 1);
  client.tell(client.server.say(BadServerSalt{acks[0].id, 0, 48, 0x99}));
  CHECK(client.session.take_events().empty());
  client.pass(20s);
  const auto again = those(client.heard(), MsgsAck::id);
  REQUIRE(again.size() == 1);
  CHECK(again[0].body == acks[0].body);
}

TEST_CASE("a server that refuses again and again fails the connection") {
  Client client;
  client.connect();
  client.send(ask);
  for (int i = 0; i < 6; ++i) {
    CHECK(client.session.ready());
    const auto heard = client.heard();
    REQUIRE(heard.size() == 1);
    client.tell(client.server.say(
        BadServerSalt{heard[0].id, 1, 48, 0x1234 + static_cast<std::uint64_t>(i)}));
  }
  const auto failed = client.events<Failed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].why == errc::too_many_repairs);
}

TEST_CASE("salts are asked for once one has run out, and changed without an error then") {
  Client client;
  client.settle();
  const auto first = client.call(ask);
  client.tell(client.server.say(BadServerSalt{first.id, 1, 48, 0x100}));
  const auto heard = client.heard();
  const auto asked = those(heard, GetFutureSalts::id);
  REQUIRE(asked.size() == 1);
  const auto now = std::chrono::floor<std::chrono::seconds>(client.server.wall);
  const auto at = [&](std::chrono::minutes later) {
    return static_cast<std::int32_t>((now + later).time_since_epoch().count());
  };
  client.tell(client.server.say(FutureSalts{
      asked[0].id, at(0min), {{at(0min), at(60min), 0x100}, {at(30min), at(90min), 0x200}}}));
  client.tell(client.result(those(heard, 0xaaaa0001)[0].id, reply));
  CHECK(client.call(ask).head.salt == 0x100);
  client.session.pause(true, client.now);
  client.pass(32min);
  CHECK(client.call(ask).head.salt == 0x200);
  CHECK(client.session.state().server_salt == 0x200);
}

TEST_CASE("answers count whichever of a connection's sessions they come in") {
  Client client;
  client.settle();
  const auto oldest = client.server.session;
  const auto kept = client.call(words({1, 1}));
  for (int i = 0; i < 2; ++i) {
    client.send(ask);
    const auto heard = those(client.heard(), 0xaaaa0001);
    REQUIRE(!heard.empty());
    client.tell(client.server.say(tl::ByteView(notice(heard.back().id, 33)), false));
    client.heard();
  }
  client.server.session = oldest;
  client.tell(client.result(kept.id, reply));
  CHECK(client.answers().size() == 1);
  CHECK(client.session.ready());
}
