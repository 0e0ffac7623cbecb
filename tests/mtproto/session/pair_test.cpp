#include "pair.hpp"

#include <catch2/catch.hpp>

using namespace mtproto;
using namespace support;

namespace {
const auto ask = words({0xaaaa0001, 1});
}

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

TEST_CASE("an answer lost with its link arrives on the next one, and nothing is done twice") {
  for (const auto repeat : {Repeat::ask, Repeat::freely}) {
    Pair pair(Pair::with_key());
    pair.connect();
    pair.send(words({7}));
    pair.carry();
    pair.take<Answer>();
    pair.send(ask, repeat);
    pair.deaf = true;
    pair.carry();
    CHECK(pair.served[ask] == 1);
    CHECK(pair.take<Answer>().empty());
    pair.cut();
    pair.deaf = false;
    pair.pass(10s);
    pair.connect();
    pair.carry();
    const auto answers = pair.take<Answer>();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].body == Pair::answer_to(ask));
    CHECK(pair.take<Lost>().empty());
    if (repeat == Repeat::ask) CHECK(pair.served[ask] == 1);
  }
}

TEST_CASE("a request lost with its link goes out on the next one") {
  Pair pair(Pair::with_key());
  pair.connect();
  pair.send(words({7}));
  pair.carry();
  pair.take<Answer>();
  pair.send(ask);
  Bytes lost;
  REQUIRE(pair.session.take_output(lost));
  pair.cut();
  pair.connect();
  pair.carry();
  CHECK(pair.take<Answer>().size() == 1);
  CHECK(pair.served[ask] == 1);
}

TEST_CASE("a request whose answer takes long survives many links") {
  Pair pair(Pair::with_key());
  pair.connect();
  pair.send(words({7}));
  pair.carry();
  pair.take<Answer>();
  pair.mute = true;
  pair.send(ask);
  pair.carry();
  for (int i = 0; i < 4; ++i) {
    pair.cut();
    pair.pass(3s);
    pair.connect();
    pair.carry();
    pair.pass(6s);
  }
  CHECK(pair.served[ask] == 1);
  REQUIRE(pair.unanswered.size() == 1);
  pair.answer(pair.unanswered[0]);
  pair.carry();
  CHECK(pair.take<Answer>().size() == 1);
  CHECK(pair.take<Lost>().empty());
}

TEST_CASE("a server that forgot the session makes the unknown known as lost") {
  Pair pair(Pair::with_key());
  pair.connect();
  pair.send(words({7}));
  pair.carry();
  pair.mute = true;
  const auto request = pair.send(ask);
  pair.carry();
  pair.cut();
  pair.ring.add(*pair.session.state().key, 0x77, pair.now);  // its sessions are gone
  pair.mute = false;
  pair.pass(1s);
  pair.connect();
  pair.carry();
  const auto lost = pair.take<Lost>();
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].request == request);
  CHECK(pair.served[ask] == 1);
  CHECK(pair.session.in_flight() == 0);
}

TEST_CASE("pushed updates are acknowledged, and come again if the link was lost before") {
  Pair pair(Pair::with_key());
  pair.connect();
  pair.send(ask);
  pair.carry();
  const SessionAddress address{pair.session.state().key->id(), pair.session.state().session};
  pair.deaf = true;
  CHECK(pair.host->push(address, words({0xdddd0001}), pair.now));
  pair.carry();
  pair.cut();
  pair.deaf = false;
  pair.connect();
  pair.send(ask);
  pair.carry();
  CHECK(pair.take<Pushed>().size() == 1);
  pair.pass(20s);
  pair.cut();
  pair.connect();
  pair.send(ask);
  pair.carry();
  CHECK(pair.take<Pushed>().empty());
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

TEST_CASE("links cut at any byte lose no request and do none twice") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    Pair pair(Pair::with_key());
    ScriptedRandom dice(seed);
    pair.connect();
    pair.send(words({7}));
    pair.carry();
    std::size_t answers = pair.take<Answer>().size();
    std::size_t sent = 1;
    for (int round = 0; round < 12; ++round) {
      for (std::uint64_t i = dice.word() % 4; i > 0; --i) {
        pair.send(words({0xcccc0000, static_cast<std::uint32_t>(++sent)}));
      }
      // Some of what either side wrote arrives, then the link goes.
      Bytes bytes;
      if (pair.session.take_output(bytes)) {
        pair.host->receive(ByteView(bytes).first(dice.word() % (bytes.size() + 1)), pair.now);
      }
      pair.serve();
      if (pair.host->take_output(bytes)) {
        pair.session.receive(ByteView(bytes).first(dice.word() % (bytes.size() + 1)), pair.now);
      }
      pair.take_client_events();
      if (dice.word() % 2 == 0) {
        pair.cut();
        pair.now += 2s;
        pair.wall += 2s;
        pair.connect();
      } else {
        pair.cut();
        pair.connect();
        pair.carry();
      }
    }
    pair.carry();
    for (int i = 0; i < 10; ++i) pair.pass(6s);
    answers += pair.take<Answer>().size();
    CHECK(answers == sent);
    CHECK(pair.take<Lost>().empty());
    CHECK(pair.session.in_flight() == 0);
    for (const auto& [body, times] : pair.served) CHECK(times == 1);
  }
}
