#include "pair.hpp"

#include <catch2/catch.hpp>

using namespace mtproto;
using namespace support;

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
