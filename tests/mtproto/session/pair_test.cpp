#include "pair.hpp"

#include <catch2/catch.hpp>

using namespace mtproto;
using namespace support;

TEST_CASE("a key is made and a call answered, over every framing") {
  for (const auto framing :
       {Framing::abridged, Framing::intermediate, Framing::padded, Framing::full}) {
    for (const bool obfuscated : {false, true}) {
      if (obfuscated && framing == Framing::full) continue;
      ClientTransport transport;
      transport.framing = framing;
      transport.obfuscated = obfuscated;
      Pair pair({}, transport);
      pair.connect();
      pair.send(ask);
      pair.carry();
      CHECK(pair.take<KeyCreated>().size() == 1);
      CHECK(pair.take<Ready>().size() == 1);
      const auto answers = pair.take<Answer>();
      REQUIRE(answers.size() == 1);
      CHECK(answers[0].body == Pair::answer_to(ask));
      CHECK(of_kind<KeyMade>(pair.host_events).size() == 1);
      CHECK(pair.ring.find(pair.session.state().key->id()) != nullptr);
      CHECK(pair.take<SessionCreated>().size() == 1);
      // Both halves came to the same first salt: nothing was repaired.
      CHECK(pair.served[ask] == 1);
    }
  }
}

TEST_CASE("a session is taken up again by another process") {
  Pair first;
  first.connect();
  first.send(ask);
  first.carry();
  auto state = first.session.state();
  REQUIRE(state.key);
  CHECK(state.last_seqno > 0);
  Pair second(state);
  second.ring.add(*state.key, state.server_salt, second.now);
  second.connect();
  second.send(ask);
  second.carry();
  CHECK(second.take<Answer>().size() == 1);
  CHECK(second.session.state().session == state.session);
  CHECK(second.session.state().last_seqno > state.last_seqno);
}

TEST_CASE("a session set back in its numbers goes on under a fresh id") {
  Pair pair(Pair::with_key());
  pair.connect();
  for (int i = 0; i < 5; ++i) {
    pair.send(words({7, static_cast<std::uint32_t>(i)}));
    pair.carry();
  }
  auto state = pair.session.state();
  pair.take_client_events();
  state.last_seqno = 3;
  ScriptedRandom random(77);
  Session stale(Pair::options(), state, random);
  Host host({}, pair.ring, pair.server_random);
  pair.pass(1s);
  host.connect(pair.now, pair.wall);
  stale.connect(Transport::client({}, random), pair.now, pair.wall);
  stale.send(ask, {}, pair.now);
  std::vector<Event> events;
  for (int i = 0; i < 10; ++i) {
    Bytes bytes;
    if (stale.take_output(bytes)) host.receive(bytes, pair.now);
    for (const auto& it : of_kind<Request>(host.take_events())) {
      host.answer(it.from, it.message, words({1}), pair.now);
    }
    if (host.take_output(bytes)) stale.receive(bytes, pair.now);
    for (auto& it : stale.take_events()) events.push_back(std::move(it));
  }
  CHECK(of_kind<Answer>(events).size() == 1);
  CHECK(of_kind<Failed>(events).empty());
  CHECK(stale.state().session != state.session);
}

TEST_CASE("a clock that is wrong by hours, either way, costs repairs and no answer") {
  for (const auto ahead : {Duration(5h), Duration(-5h), Duration(40s), Duration(-400s)}) {
    Pair pair(Pair::with_key());
    pair.client_is_ahead = ahead;
    pair.connect();
    pair.send(ask);
    pair.send(words({0xaaaa0002}));
    pair.carry();
    CHECK(pair.take<Answer>().size() == 2);
    CHECK(pair.take<Failed>().empty());
    CHECK(pair.served[ask] == 1);
    const auto error = pair.session.server_time(pair.now) - pair.wall;
    CHECK(std::chrono::abs(error) < 1s);
  }
}

TEST_CASE("hours pass: salts change, pings go, nothing breaks") {
  Pair pair(Pair::with_key());
  pair.connect();
  int answers = 0;
  for (int minute = 0; minute < 6 * 60; ++minute) {
    for (int i = 0; i < 6; ++i) pair.pass(10s);
    pair.send(words({static_cast<std::uint32_t>(minute) + 1000}));
    pair.carry();
    answers += static_cast<int>(pair.take<Answer>().size());
  }
  CHECK(answers == 6 * 60);
  CHECK(pair.take<Failed>().empty());
  for (const auto& [body, times] : pair.served) CHECK(times == 1);
}

TEST_CASE("an idle session follows its own deadlines and stays alive") {
  Pair pair(Pair::with_key());
  pair.connect();
  pair.carry();
  for (int i = 0; i < 200; ++i) {
    auto next = pair.session.deadline();
    REQUIRE(next);
    if (const auto of_host = pair.host->deadline()) next = std::min(*next, *of_host);
    REQUIRE(*next > pair.now);
    pair.pass(*next - pair.now);
  }
  CHECK(pair.now > start + 1h);
  CHECK(pair.take<Failed>().empty());
  CHECK(of_kind<HostFailed>(pair.host_events).empty());
}

TEST_CASE("a key that the server does not know fails the connection as such") {
  Pair pair(Pair::with_key());
  pair.ring.remove(fixed_key().id());
  pair.connect();
  pair.send(ask);
  pair.carry();
  const auto failed = pair.take<Failed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].why == errc::auth_key_not_found);
  CHECK(failed[0].transport_code == -404);
}

TEST_CASE("large calls and answers go both ways") {
  Pair pair(Pair::with_key());
  pair.connect();
  Bytes big(3'000'000);
  ScriptedRandom(3).fill(big);
  pair.send(big);
  pair.send(ask);
  pair.carry();
  const auto answers = pair.take<Answer>();
  REQUIRE(answers.size() == 2);
  CHECK(std::any_of(answers.begin(), answers.end(),
                    [&](const auto& it) { return it.body == Pair::answer_to(big); }));
}
