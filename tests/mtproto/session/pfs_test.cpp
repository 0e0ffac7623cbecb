#include <catch2/catch.hpp>
#include <set>

#include "pfs_pair.hpp"

using namespace mtproto;
using namespace support;

TEST_CASE("with pfs a permanent and a temporary key are made and calls go by the temporary one") {
  PfsPair pair(SessionState{});
  pair.connect();
  CHECK(pair.call(1).size() == 1);
  const auto created = pair.take<KeyCreated>();
  REQUIRE(created.size() == 2);
  CHECK_FALSE(created[0].temporary);
  CHECK(created[1].temporary);
  CHECK(pair.take<Ready>().size() == 1);
  CHECK(pair.binds == 1);
  REQUIRE(pair.used.size() == 1);
  CHECK(pair.used[0] != pair.permanent());
  CHECK(pair.owners[0] == pair.permanent());
  // The permanent key is what outlives the process, and the only one that is kept.
  REQUIRE(pair.ring.keys().size() == 1);
  CHECK(pair.ring.keys()[0].id() == pair.permanent());
}

TEST_CASE("with a permanent key only a temporary one is made and the state stays the permanent's") {
  PfsPair pair;
  const auto before = pair.session.state();
  pair.connect();
  CHECK(pair.call(1).size() == 1);
  CHECK(pair.temporary_keys() == 1);
  const auto after = pair.session.state();
  CHECK(after.key->id() == fixed_key().id());
  CHECK(after.session == before.session);
  CHECK(after.last_seqno == before.last_seqno);
}

TEST_CASE("what a session with pfs leaves behind works without") {
  PfsPair first(SessionState{});
  first.connect();
  first.call(1);
  Pair second(first.session.state());
  second.connect();
  second.send(words({7}));
  second.carry();
  CHECK(second.take<Answer>().size() == 1);
}

TEST_CASE("calls wait until the temporary key is bound, and are wrapped after it") {
  PfsPair pair;
  pair.session.set_prefix(words({0x11110000}));
  pair.mute = true;
  pair.connect();
  pair.send(words({0xaaaa0000, 1}));
  pair.carry();
  REQUIRE(pair.unanswered.size() == 1);
  CHECK(tl::Reader(pair.unanswered[0].body).peek() == BindTempAuthKey::id);
  CHECK_FALSE(pair.session.ready());
  pair.mute = false;
  pair.answer(pair.unanswered[0]);
  pair.carry();
  CHECK(pair.session.ready());
  CHECK(pair.served.count(words({0x11110000, 0xaaaa0000, 1})) == 1);
  CHECK(pair.take<Answer>().size() == 1);
}

TEST_CASE("a temporary key that is valid is used again on the next connection") {
  PfsPair pair;
  pair.connect();
  pair.call(1);
  for (std::uint32_t i = 0; i < 3; ++i) {
    pair.cut();
    pair.pass(1min);
    pair.connect();
    CHECK(pair.call(2 + i).size() == 1);
  }
  CHECK(pair.temporary_keys() == 1);
  CHECK(pair.binds == 1);
}

TEST_CASE("a binding whose answer is lost is built anew on the next connection with the same key") {
  PfsPair pair;
  pair.connect();
  pair.mute = true;
  pair.carry();
  REQUIRE(pair.unanswered.size() == 1);
  const auto first = *read_service<BindTempAuthKey>(pair.unanswered[0].body);
  pair.cut();
  pair.mute = false;
  pair.pass(2s);
  pair.connect();
  CHECK(pair.call(1).size() == 1);
  CHECK(pair.temporary_keys() == 1);
  CHECK(pair.binds == 1);
  for (const auto& [body, times] : pair.served) {
    const auto bind = read_service<BindTempAuthKey>(body);
    if (bind && bind->nonce != first.nonce) {
      CHECK(bind->encrypted_message != first.encrypted_message);
    }
  }
}

TEST_CASE("a binding that is not answered is built anew and after five the connection fails") {
  PfsPair pair;
  pair.mute = true;
  pair.connect();
  pair.carry();
  for (int i = 0; i < 60; ++i) pair.pass(1s);
  CHECK(pair.unanswered.size() == 5);
  std::set<MessageId> ids;
  for (const auto& it : pair.unanswered) {
    ids.insert(it.message);
    const auto bind = read_service<BindTempAuthKey>(it.body);
    REQUIRE(bind.has_value());
    const auto opened = open_binding(fixed_key(), bind->encrypted_message);
    REQUIRE(opened.has_value());
    CHECK(opened->message == it.message);
    CHECK(opened->inner.temp_session_id == it.from.session);
  }
  CHECK(ids.size() == 5);
  CHECK(pair.take<Failed>().size() == 1);
}

TEST_CASE("a new key is bound ahead of the end and no call is lost or said twice over days") {
  PfsPair pair;
  pair.connect();
  std::uint32_t sent = 0;
  std::size_t answers = 0;
  for (int minute = 0; minute < 3 * 24 * 60; minute += 5) {
    pair.send(words({0xaaaa0000, ++sent}));
    for (int i = 0; i < 15; ++i) pair.pass(20s);
    answers += pair.take<Answer>().size();
  }
  CHECK(answers == sent);
  CHECK(pair.take<Failed>().empty());
  CHECK(pair.take<Lost>().empty());
  CHECK(pair.take<Ready>().size() == 1);
  CHECK(pair.temporary_keys() >= 3);
  for (const auto& [body, times] : pair.served) CHECK(times == 1);
  for (const auto& owner : pair.owners) CHECK(owner == pair.permanent());
}

TEST_CASE("a client that only listens is heard of under each new key") {
  PfsPair pair(Pair::with_key(), 1000s);
  pair.session.set_prefix(words({0x11110000}));
  pair.connect();
  CHECK(pair.call(1).size() == 1);
  pair.take<SessionCreated>();
  const auto hello = words({0x11110000, 0x1fb33026});
  for (int i = 0; i < 900; ++i) pair.pass(1s);
  CHECK(pair.binds == 2);
  CHECK(pair.served[hello] == 1);
  CHECK(pair.used.back() != pair.used.front());
  // Updates may have been missed, and the answer was nobody's.
  CHECK(pair.take<SessionCreated>().size() == 1);
  CHECK(pair.take<Answer>().empty());
  CHECK(pair.session.in_flight() == 0);
}

TEST_CASE("requests in flight while the key is changed are answered under the old one") {
  PfsPair slow(Pair::with_key(), 400s);
  slow.connect();
  slow.call(1);
  const auto old_key = slow.used.at(0);
  for (int i = 0; i < 260; ++i) slow.pass(1s);
  CHECK(slow.binds == 1);
  slow.mute = true;
  slow.send(words({0xaaaa0000, 2}));
  slow.carry();
  REQUIRE(slow.unanswered.size() == 1);
  const auto waiting = slow.unanswered[0];
  CHECK(waiting.from.key == old_key);
  slow.unanswered.clear();
  slow.mute = false;
  for (int i = 0; i < 60 && slow.binds == 1; ++i) slow.pass(1s);
  CHECK(slow.binds == 2);
  CHECK(slow.call(3).size() == 1);
  CHECK(slow.used.back() != old_key);
  slow.host->answer(waiting.from, waiting.message, words({0xbbbb0000, 2}), slow.now);
  slow.carry();
  CHECK(slow.take<Answer>().size() == 1);
  CHECK(slow.take<Lost>().empty());
  CHECK(slow.take<Failed>().empty());
  CHECK(slow.session.in_flight() == 0);
}

TEST_CASE("a temporary key that the server has forgotten is replaced on the next connection") {
  PfsPair pair;
  pair.connect();
  pair.call(1);
  pair.ring.remove(pair.used[0]);
  pair.cut();
  pair.connect();
  pair.send(words({0xaaaa0000, 2}));
  pair.carry();
  auto failed = pair.take<Failed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].why == errc::temporary_key_unknown);
  pair.cut();
  pair.connect();
  pair.carry();
  // Nothing was taken by a server that did not know the key: it is sent again and nothing is lost.
  CHECK(pair.take<Answer>().size() == 1);
  CHECK(pair.take<Lost>().empty());
  CHECK(pair.temporary_keys() == 2);
  CHECK(pair.session.state().key->id() == fixed_key().id());
}

TEST_CASE("a server that forgets every temporary key is not asked for ever") {
  PfsPair pair;
  int connections = 0;
  bool failed_for_good = false;
  for (; connections < 50 && !failed_for_good; ++connections) {
    pair.connect();
    pair.send(words({0xaaaa0000, 2}), Repeat::freely);
    pair.answering = [&](const mtproto::Request& request) {
      auto out = pair.serve_bound(request);
      pair.ring.remove(request.from.key);
      return out;
    };
    pair.carry();
    pair.pass(30s);
    for (const auto& it : pair.take<Failed>()) failed_for_good |= it.why == errc::binding_refused;
    pair.cut();
  }
  CHECK(failed_for_good);
  CHECK(connections <= 7);
}

TEST_CASE("a key that was not renewed in time is not used past its end") {
  PfsPair pair(Pair::with_key(), 1000s);
  pair.connect();
  pair.call(1);
  const auto first = pair.used[0];
  pair.cut();
  pair.pass(1200s);
  pair.connect();
  CHECK(pair.call(2).size() == 1);
  CHECK(pair.used.back() != first);
  CHECK(pair.temporary_keys() == 2);
  CHECK(pair.take<Failed>().empty());
}

TEST_CASE("an expired binding is repeated with a new key and one of an unknown key is given up") {
  PfsPair pair;
  pair.refusals = {"EXPIRES_AT_INVALID", "TEMP_AUTH_KEY_EMPTY"};
  pair.connect();
  CHECK(pair.call(1).size() == 1);
  CHECK(pair.temporary_keys() == 3);

  PfsPair lost;
  lost.ring.remove(fixed_key().id());
  lost.connect();
  lost.carry();
  for (int i = 0; i < 10; ++i) lost.pass(1s);
  CHECK(lost.binds == 2);
  const auto failed = lost.take<Failed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].why == errc::permanent_key_refused);
}

TEST_CASE("a permanent key that is young is given time to spread") {
  PfsPair pair(SessionState{});
  pair.refusals.assign(4, "ENCRYPTED_MESSAGE_INVALID");
  pair.connect();
  pair.carry();
  for (int i = 0; i < 30; ++i) pair.pass(1s);
  CHECK(pair.binds == 5);
  CHECK(pair.call(1).size() == 1);
  CHECK(pair.temporary_keys() == 1);
}

TEST_CASE("a binding that is refused for ever ends with a clear error") {
  PfsPair pair;
  pair.refusals.assign(20, "TEMP_AUTH_KEY_ALREADY_BOUND");
  pair.connect();
  pair.carry();
  const auto failed = pair.take<Failed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].why == errc::binding_refused);
  CHECK(pair.binds == 6);
}

TEST_CASE("AUTH_KEY_PERM_EMPTY has the key bound again and the call repeated") {
  PfsPair pair;
  pair.connect();
  pair.call(1);
  pair.disowned = 2;
  pair.send(words({0xaaaa0000, 2}));
  pair.send(words({0xaaaa0000, 3}));
  pair.carry();
  const auto answers = pair.take<Answer>();
  REQUIRE(answers.size() == 2);
  for (const auto& it : answers) CHECK(tl::Reader(it.body).peek() == 0xa05e0000);
  CHECK(pair.binds == 2);
  CHECK(pair.temporary_keys() == 1);
  CHECK(pair.take<Failed>().empty());
}

TEST_CASE("where a key's second binding is refused nothing is written until another is bound") {
  PfsPair pair;
  pair.connect();
  pair.call(1);
  pair.disowned = 1;
  pair.refusals = {"EXPIRES_AT_INVALID"};
  CHECK(pair.call(2).size() == 1);
  CHECK(pair.temporary_keys() == 2);
  CHECK(pair.binds == 3);
  CHECK(pair.take<Failed>().empty());
}

TEST_CASE("a server that never believes the binding gets no endless repetition") {
  PfsPair pair;
  pair.connect();
  pair.call(1);
  pair.disowned = 1000;
  pair.send(words({0xaaaa0000, 2}));
  pair.carry();
  CHECK(pair.disowned == 1000 - 6);
  const bool told = !pair.take<Answer>().empty() || !pair.take<Failed>().empty();
  CHECK(told);
}

TEST_CASE("a renewal that fails leaves the key in use at work and is tried again") {
  PfsPair pair(Pair::with_key(), 1000s);
  pair.connect();
  pair.call(1);
  pair.refusals.assign(7, "TEMP_AUTH_KEY_ALREADY_BOUND");
  for (int i = 0; i < 1000 && pair.binds < 9; ++i) {
    pair.pass(1s);
    if (i % 50 == 0) CHECK(pair.call(100 + static_cast<std::uint32_t>(i)).size() == 1);
  }
  CHECK(pair.refusals.empty());
  CHECK(pair.take<Failed>().empty());
  CHECK(pair.call(2).size() == 1);
  CHECK(pair.used.back() != pair.used.front());
}

TEST_CASE("a clock that is hours off costs repairs and no key") {
  for (const auto ahead : {Duration(5h), Duration(-5h)}) {
    PfsPair pair;
    pair.client_is_ahead = ahead;
    pair.connect();
    CHECK(pair.call(1).size() == 1);
    CHECK(pair.temporary_keys() == 1);
    pair.cut();
    pair.pass(1min);
    pair.connect();
    CHECK(pair.call(2).size() == 1);
    CHECK(pair.take<Failed>().empty());
  }
}

TEST_CASE("links cut at any byte with pfs lose no repeatable request") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    PfsPair pair(Pair::with_key(), 600s);
    ScriptedRandom dice(seed);
    std::size_t sent = 0;
    std::size_t answers = 0;
    pair.connect();
    for (int round = 0; round < 12; ++round) {
      for (std::uint64_t i = dice.word() % 3; i > 0; --i) {
        pair.send(words({0xcccc0000, static_cast<std::uint32_t>(++sent)}), Repeat::freely);
      }
      Bytes bytes;
      for (std::uint64_t turns = dice.word() % 6; turns > 0; --turns) {
        pair.work(pair.session);
        if (pair.session.take_output(bytes)) {
          pair.host->receive(ByteView(bytes).first(dice.word() % (bytes.size() + 1)), pair.now);
        }
        pair.work(*pair.host);
        pair.serve();
        if (pair.host->take_output(bytes)) pair.session.receive(bytes, pair.now);
        pair.take_client_events();
      }
      pair.cut();
      const Duration gone = std::chrono::seconds(dice.word() % 120);
      pair.now += gone;
      pair.wall += gone;
      pair.connect();
      if (dice.word() % 2 == 0) pair.carry();
    }
    for (int i = 0; i < 20; ++i) {
      pair.pass(10s);
      if (!pair.take<Failed>().empty()) {
        pair.cut();
        pair.connect();
        pair.carry();
      }
    }
    answers += pair.take<Answer>().size();
    CHECK(answers == sent);
    CHECK(pair.take<Lost>().empty());
    CHECK(pair.session.in_flight() == 0);
  }
}
