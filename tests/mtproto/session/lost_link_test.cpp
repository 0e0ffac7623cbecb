#include <catch2/catch.hpp>

#include "client.hpp"

using namespace mtproto;
using namespace support;

TEST_CASE("what waits for an answer of a session that is gone is lost with the link") {
  Client client;
  client.settle();
  client.call(words({1, 1}));
  const auto wait = client.request;
  const auto bad = client.call(ask);
  client.tell(client.server.say(tl::ByteView(notice(bad.id, 32)), false));
  client.heard();
  client.reconnect();
  const auto lost = client.events<Lost>();
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].request == wait);
}

TEST_CASE("new_session_created is told once, and brings a salt") {
  Client client;
  client.connect();
  const auto heard = client.call(ask);
  const NewSessionCreated created{heard.id, 5, 0x1234};
  client.tell(client.server.say(created, true));
  client.tell(client.server.say(created, true));
  const auto events = client.events<SessionCreated>();
  REQUIRE(events.size() == 1);
  CHECK(events[0].unique_id == 5);
  CHECK(client.session.state().server_salt == 0x1234);
  CHECK(client.heard().empty());
}

TEST_CASE("what a new session on this connection never got is sent again") {
  Client client;
  client.connect();
  const auto first = client.call(words({1, 1}));
  const auto second = client.call(ask);
  client.tell(client.server.say(NewSessionCreated{second.id, 5, 0x1234}, true));
  const auto again = client.heard();
  CHECK(those(again, 1).size() == 1);
  CHECK(those(again, 0xaaaa0001).empty());
  CHECK(client.events<Lost>().empty());
  CHECK(first.id < second.id);
}

TEST_CASE("what a session that the server forgot may have carried out is lost, or repeated") {
  Client client;
  client.settle();
  client.call(ask);
  const auto lost_one = client.request;
  client.call(words({1, 1}), freely());
  client.pass(1s);
  client.tell(client.server.say(
      NewSessionCreated{client.server.next_id(MessageKind::from_client), 6, 0x1234}, true));
  const auto events = client.session.take_events();
  const auto lost = of_kind<Lost>(events);
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].request == lost_one);
  CHECK(those(client.heard(), 1).size() == 1);
}

TEST_CASE("after a lost link, what may be repeated is, and the rest is asked about") {
  Client client;
  client.settle();
  const auto session = client.session.state().session;
  const auto free_one = client.call(words({1, 1}), freely());
  const auto ask_one = client.call(ask);
  client.reconnect();
  auto heard = client.heard();
  CHECK(client.session.state().session == session);
  const auto again = those(heard, 1);
  REQUIRE(again.size() == 1);
  CHECK(again[0].id > free_one.id);
  CHECK(those(heard, 0xaaaa0001).empty());
  const auto asked = those(heard, MsgsStateReq::id);
  REQUIRE(asked.size() == 1);
  CHECK(read_service<MsgsStateReq>(asked[0].body)->msg_ids == std::vector{ask_one.id});

  SECTION("not received: it is sent again") {
    const auto state = GENERATE(2, 3);
    client.tell(client.server.say(MsgsStateInfo{asked[0].id, {static_cast<std::uint8_t>(state)}}));
    const auto second = those(client.heard(), 0xaaaa0001);
    REQUIRE(second.size() == 1);
    CHECK(second[0].id > ask_one.id);
    client.tell(client.result(second[0].id, reply));
    CHECK(client.answers().size() == 1);
  }
  SECTION("so old that the server can't tell: it is lost") {
    client.session.take_events();
    client.tell(client.server.say(MsgsStateInfo{asked[0].id, {1}}));
    CHECK(those(client.heard(), 0xaaaa0001).empty());
    CHECK(client.events<Lost>().size() == 1);
  }
  SECTION("received and its answer gone: it is lost once that is certain") {
    client.session.take_events();
    client.tell(client.server.say(MsgsStateInfo{asked[0].id, {4}}));
    for (int i = 0; i < 3; ++i) {
      CHECK(client.events<Lost>().empty());
      client.pass(5s);
      const auto wanted = those(client.heard(), MsgResendAnsReq::id);
      REQUIRE(wanted.size() == 1);
      client.tell(client.server.say(MsgsStateInfo{wanted[0].id, {4 + 64}}));
    }
    CHECK(client.events<Lost>().size() == 1);
  }
  SECTION("received and then unknown: it is lost") {
    client.session.take_events();
    client.tell(client.server.say(MsgsStateInfo{asked[0].id, {4}}));
    client.pass(5s);
    const auto wanted = those(client.heard(), MsgResendAnsReq::id);
    REQUIRE(wanted.size() == 1);
    client.tell(client.server.say(MsgsStateInfo{wanted[0].id, {1}}));
    CHECK(client.events<Lost>().size() == 1);
  }
  SECTION("received: it waits, and asks for the answer when that does not come") {
    client.tell(client.server.say(MsgsStateInfo{asked[0].id, {4}}));
    CHECK(those(client.heard(), 0xaaaa0001).empty());
    client.pass(5s);
    const auto wanted = those(client.heard(), MsgResendAnsReq::id);
    REQUIRE(wanted.size() == 1);
    CHECK(read_service<MsgResendAnsReq>(wanted[0].body)->msg_ids == std::vector{ask_one.id});
    client.tell(client.result(ask_one.id, reply));
    CHECK(client.answers().size() == 1);
  }
  SECTION("the session is gone: it is lost") {
    client.session.take_events();
    client.tell(client.server.say(NewSessionCreated{asked[0].id, 9, 1}, true));
    CHECK(client.events<Lost>().size() == 1);
    client.tell(client.server.say(MsgsStateInfo{asked[0].id, {1}}));
    CHECK(those(client.heard(), 0xaaaa0001).empty());
  }
  SECTION("the answer comes by itself") {
    client.session.take_events();
    client.tell(client.result(ask_one.id, reply));
    CHECK(client.answers().size() == 1);
  }
  SECTION("as many states as ids, or the connection is no good") {
    client.tell(client.server.say(MsgsStateInfo{asked[0].id, {4, 4}}));
    CHECK(client.events<Failed>().size() == 1);
  }
  SECTION("the link is lost once more before the server said anything") {
    client.reconnect();
    CHECK(those(client.heard(), MsgsStateReq::id).size() == 1);
  }
}

TEST_CASE("a call that has to come after one of unknown fate waits until that is known") {
  Client client;
  client.settle();
  const auto first = client.call(ask);
  SendOptions after;
  after.after = {client.request};
  client.reconnect();
  client.send(words({2, 2}), after);
  const auto heard = client.heard();
  const auto asked = those(heard, MsgsStateReq::id);
  REQUIRE(asked.size() == 1);
  CHECK(those(heard, 0xcb9f372d).empty());
  client.tell(client.server.say(MsgsStateInfo{asked[0].id, {2}}));
  const auto both = client.heard();
  REQUIRE(those(both, 0xaaaa0001).size() == 1);
  const auto second = those(both, 0xcb9f372d);
  REQUIRE(second.size() == 1);
  tl::Reader in(second[0].body);
  in.nat();
  CHECK(MessageId(static_cast<std::uint64_t>(in.int64())) == those(both, 0xaaaa0001)[0].id);
  CHECK(first.id != those(both, 0xaaaa0001)[0].id);
}

TEST_CASE("a call behind one that waits for another waits, too") {
  Client client;
  client.settle();
  client.call(ask);
  const auto first = client.request;
  client.reconnect();
  client.heard();
  SendOptions after_first;
  after_first.after = {first};
  const auto second = client.send(words({0xaaaa0002, 1}), after_first);
  SendOptions after_second;
  after_second.after = {second};
  client.send(words({0xaaaa0003, 1}), after_second);
  const auto held = client.heard();
  CHECK(those(held, 0xaaaa0003).empty());
  CHECK(held.empty());
}

TEST_CASE("a call behind one of an earlier session waits, and that one not for ever") {
  Client client;
  client.settle();
  client.call(ask);
  const auto first = client.request;
  const auto bad = client.call(words({1, 1}));
  client.tell(client.server.say(tl::ByteView(notice(bad.id, 32)), false));
  client.heard();
  SendOptions after_first;
  after_first.after = {first};
  client.send(words({0xaaaa0002, 1}), after_first);
  CHECK(those(client.heard(), 0xaaaa0002).empty());
  client.session.take_events();
  std::size_t lost = 0;
  int seconds = 0;
  for (; lost == 0 && seconds < 120; ++seconds) {
    client.pass(1s);
    const auto heard = client.heard();
    client.tell(client.server.say(words({0xdddd0001})));  // the link lives
    lost = client.events<Lost>().size();
    CHECK(those(heard, 0xaaaa0002).size() == lost);
  }
  CHECK(lost == 1);
  CHECK(seconds >= 55);
  CHECK(seconds <= 65);
}

TEST_CASE("an answer to an earlier connection's message proves nothing of this one") {
  Client client;
  client.session.set_prefix(words({0x9ef1}));
  client.settle();
  client.reconnect();
  const auto first = client.call(words({1, 1}), freely());
  client.reconnect();
  CHECK(client.heard().front().constructor() == 0x9ef1);
  client.tell(client.result(first.id, reply));
  CHECK(client.answers().size() == 1);
  CHECK(client.call(ask).constructor() == 0x9ef1);
}

TEST_CASE("ids and numbers go on over connections") {
  Client client;
  client.settle();
  const auto first = client.call(ask, freely());
  client.reconnect();
  const auto second = client.call(ask);
  CHECK(second.id > first.id);
  CHECK(second.seqno > first.seqno);
}

TEST_CASE("a duplicate from the connection before is known") {
  Client client;
  client.settle();
  client.tell(client.server.say(words({0xdddd0001})));
  const auto id = client.server.last;
  CHECK(client.events<Pushed>().size() == 1);
  client.reconnect();
  client.tell(client.server.say_as(id, 9, words({0xdddd0001})));
  CHECK(client.events<Pushed>().empty());
}
