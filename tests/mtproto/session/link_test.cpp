#include <catch2/catch.hpp>

#include "client.hpp"

using namespace mtproto;
using namespace support;

TEST_CASE("a session with a key is ready at once and carries a call and its answer") {
  Client client;
  client.connect();
  REQUIRE(client.session.ready());
  const auto heard = client.call(ask);
  CHECK(heard.body == ask);
  CHECK(heard.seqno == 1);
  CHECK(heard.id.value() % 4 == 0);
  CHECK(heard.head.salt == 0x5a17);
  client.tell(client.result(heard.id, reply));
  const auto events = client.session.take_events();
  CHECK(of_kind<Ready>(events).size() == 1);
  const auto answers = of_kind<Answer>(events);
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].request == client.request);
  CHECK(answers[0].body == reply);
  CHECK(client.session.in_flight() == 0);
}

TEST_CASE("what is sent before there is a connection waits for one") {
  Client client;
  client.send(ask);
  CHECK(client.heard().empty());
  client.connect();
  CHECK(client.heard().size() == 1);
}

TEST_CASE("a quiet link is pinged, and one that stays silent has failed") {
  Client client;
  client.settle();
  client.pass(20s);
  client.heard();
  client.pass(10s);
  const auto pings = those(client.heard(), PingDelayDisconnect::id);
  REQUIRE(pings.size() == 1);
  CHECK(read_service<PingDelayDisconnect>(pings[0].body)->disconnect_delay == 75);
  client.tell(client.server.say(Pong{pings[0].id, 0}));
  CHECK(client.session.take_events().empty());
  client.pass(64s);
  CHECK(client.events<Failed>().empty());
  client.pass(1s);
  const auto failed = client.events<Failed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].why == boost::system::errc::timed_out);
  CHECK(!client.session.ready());
}

TEST_CASE("a busy link is pinged before the server's patience ends") {
  Client client;
  client.settle();
  int pings = 0;
  for (int i = 0; i < 14; ++i) {
    client.pass(5s);
    client.tell(client.server.say(words({0xdddd0001})));
    for (const auto& ping : those(client.heard(), PingDelayDisconnect::id)) {
      client.tell(client.server.say(Pong{ping.id, 0}));
      ++pings;
    }
  }
  CHECK(pings == 1);
}

TEST_CASE("a paused link does not die of silence, and takes what piled up meanwhile") {
  Client client;
  client.settle();
  client.session.pause(true, client.now);
  const auto update = client.server.say(words({0xdddd0001}));
  client.pass(400s);
  CHECK(client.events<Failed>().empty());
  client.session.pause(false, client.now);
  client.tell(update);
  CHECK(client.events<Pushed>().size() == 1);
  client.pass(64s);
  CHECK(client.events<Failed>().empty());
}

TEST_CASE("a machine that was stopped takes what was said meanwhile") {
  Client client;
  client.settle();
  const auto first = client.server.say(words({0xdddd0001}));
  const auto second = client.server.say(words({0xdddd0002}));
  client.now += 400s;
  client.server.wall += 400s;
  const bool ticks_first = GENERATE(false, true);
  if (ticks_first) client.session.tick(client.now);
  client.tell(first);
  client.tell(second);
  CHECK(client.events<Pushed>().size() == 2);
  // Once it has caught up, old is old again.
  client.tell(client.server.say(words({0xdddd0003})));
  CHECK(client.events<Pushed>().size() == 1);
  const auto odd = MessageId(message_id_at(client.server.wall - 350s).value() | 3);
  client.tell(client.server.say_as(odd, 1, words({1})));
  CHECK(client.events<Pushed>().empty());
}

TEST_CASE("what the server says in four bytes fails the connection by name") {
  const std::vector<std::pair<std::int32_t, errc>> codes = {{-404, errc::auth_key_not_found},
                                                            {-429, errc::transport_flood},
                                                            {-444, errc::wrong_data_centre},
                                                            {-403, errc::transport_error}};
  for (const auto& [code, why] : codes) {
    Client client;
    client.settle();
    tl::Bytes four;
    tl::Writer(four).int32(code);
    client.tell(client.server.frame(four));
    const auto failed = client.events<Failed>();
    REQUIRE(failed.size() == 1);
    CHECK(failed[0].why == why);
    CHECK(failed[0].transport_code == code);
  }
}

TEST_CASE("the wrong session, a client's id, and a tampered packet fail the connection") {
  const auto failure = [](auto change) {
    Client client;
    client.settle();
    client.tell(change(client.server));
    const auto failed = client.events<Failed>();
    REQUIRE(failed.size() == 1);
    CHECK(client.heard().empty());
    return failed[0].why;
  };
  CHECK(failure([](Peer& server) {
          server.session = SessionId(1);
          return server.say(words({1}));
        }) == errc::wrong_session);
  CHECK(failure([](Peer& server) {
          return server.say_as(server.next_id(MessageKind::from_client), 1, words({1}));
        }) == errc::bad_message_id);
  CHECK(failure([](Peer& server) {
          auto bytes = server.say(words({1}));
          bytes.back() ^= 1;
          return bytes;
        }) == errc::bad_msg_key);
  CHECK(failure([](Peer& server) {
          server.key = fixed_key(8);
          return server.say(words({1}));
        }) == errc::wrong_auth_key);
  CHECK(failure([](Peer& server) {
          server.side = Side::client;  // our own packet sent back to us
          return server.say(words({1}));
        }) == errc::bad_msg_key);
  CHECK(failure([](Peer& server) {
          return server.say(words({msg_container_id, 1, 1, 0, 1, 8, msg_container_id, 0}));
        }) == errc::bad_container);
}

TEST_CASE("a message from the future fails, one from long ago is dropped and not acknowledged") {
  Client client;
  client.settle();
  client.pass(20s);
  client.heard();
  const auto odd = [](UnixTime time) { return MessageId(message_id_at(time).value() | 3); };
  client.tell(client.server.say_as(odd(client.server.wall - 301s), 1, words({1})));
  CHECK(client.session.take_events().empty());
  client.pass(20s);
  CHECK(those(client.heard(), MsgsAck::id).empty());
  client.tell(client.server.say_as(odd(client.server.wall - 250s), 1, words({1})));
  CHECK(client.events<Pushed>().size() == 1);
  client.tell(client.server.say_as(odd(client.server.wall + 60s), 1, words({1})));
  const auto failed = client.events<Failed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].why == errc::bad_message_time);
}

TEST_CASE("a packet above 256 KiB is opened as work, and later ones wait for it") {
  Client client;
  client.settle();
  const auto heard = client.call(ask);
  Bytes answer(300'000);
  ScriptedRandom(5).fill(answer);
  client.tell(client.result(heard.id, answer));
  client.tell(client.server.say(words({0xdddd0001})));
  CHECK(client.session.take_events().empty());
  auto work = client.session.take_work();
  REQUIRE(work.size() == 1);
  CHECK(client.session.take_work().empty());
  work[0]->run();
  client.session.done(std::move(work[0]), client.now);
  const auto events = client.session.take_events();
  REQUIRE(events.size() == 2);
  CHECK(std::get<Answer>(events[0]).body == answer);
  CHECK(std::holds_alternative<Pushed>(events[1]));
}

TEST_CASE("work that comes back after its connection went is dropped") {
  Client client;
  client.settle();
  const auto heard = client.call(ask);
  client.tell(client.result(heard.id, Bytes(300'000)));
  auto work = client.session.take_work();
  REQUIRE(work.size() == 1);
  client.reconnect();
  client.session.take_events();
  work[0]->run();
  client.session.done(std::move(work[0]), client.now);
  CHECK(client.session.take_events().empty());
}

TEST_CASE("a session's numbers go on where they stopped, or a fresh one is drawn") {
  auto state = Client::with_key();
  state.session = SessionId(42);
  state.last_seqno = 7;
  Client resumed(state);
  resumed.connect();
  const auto heard = resumed.call(ask);
  CHECK(heard.head.session == SessionId(42));
  CHECK(heard.seqno == 9);
  CHECK(resumed.session.state().last_seqno == 9);

  state.last_seqno = 0;
  Client fresh(state);
  CHECK(fresh.session.state().session != SessionId(42));
  CHECK(fresh.session.state().session.value() != 0);
  CHECK(fresh.session.state().session.value() < std::uint64_t{1} << 46);
  fresh.connect();
  CHECK(fresh.call(ask).seqno == 1);
}
