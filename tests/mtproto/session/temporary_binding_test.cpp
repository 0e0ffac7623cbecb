#include "mtproto/session/temporary_binding.hpp"

#include <catch2/catch.hpp>

#include "binding_support.hpp"
#include "mtproto/message/service_ack.hpp"
#include "mtproto/message/service_session.hpp"

using namespace mtproto;
using namespace support;

namespace {

using Order = TemporaryBinding::Order;
using Kind = Order::Kind;

constexpr std::int32_t a_day = 24 * 3600;
const auto bool_true = words({0x997275b5});

SessionState with_permanent() {
  SessionState state;
  state.key = fixed_key(1);
  return state;
}

// The temporary keys of one session, and the server that they are bound with.
struct Keys {
  explicit Keys(SessionState permanent = with_permanent())
      : keys(std::move(permanent), 24h, random) {}

  static AuthKey temporary(std::uint64_t which = 1) { return fixed_key(100 + which); }

  Order made(const AuthKey& key, std::int32_t expires_in = a_day) {
    making = key;
    return keys.key_made({key, 0x5a17, wall, expires_in, 2}, now);
  }
  // The binding that is due, if any.
  std::optional<SaidBinding> said() {
    const auto packet = keys.write(wall, now);
    if (!packet) return {};
    return read_binding(*packet, *keys.permanent().key, making);
  }
  std::optional<Order> hears(const AuthKey& key, SessionId session, ByteView body) {
    const auto id = ids.next(wall, MessageKind::answer, random);
    return keys.heard(said_under(key, session, id, body, random), clock, now);
  }
  // Has the binding said and answered.
  Order answered(const Bytes& answer) {
    const auto binding = said();
    REQUIRE(binding);
    const auto result = write_rpc_result(binding->head.id, answer);
    const auto order = hears(making, binding->head.session, result);
    REQUIRE(order);
    return *order;
  }
  void bind() {
    CHECK(answered(bool_true).kind == Kind::go_over);
    keys.go_over();
  }
  // Connected, with a key in use.
  void serve(std::int32_t expires_in = a_day) {
    CHECK(keys.connected(now).kind == Kind::make_key);
    CHECK(made(temporary(), expires_in).kind == Kind::nothing);
    bind();
  }
  Order passes(Duration time, bool paused = false) {
    now += time;
    wall += time;
    return keys.tick(now, paused);
  }

  ScriptedRandom random{5};
  Time now = start;
  UnixTime wall = noon;
  ServerClock clock{start, noon};
  MessageIdSource ids;
  AuthKey making = temporary();
  TemporaryBinding keys;
};

}  // namespace

TEST_CASE("without a permanent key one is made first, and then a temporary one") {
  Keys it{SessionState{}};
  const auto first = it.keys.connected(it.now);
  CHECK(first.kind == Kind::make_key);
  CHECK_FALSE(first.expires_in);
  const auto second = it.keys.key_made({fixed_key(1), 7, noon, {}, 2}, it.now);
  CHECK(second.kind == Kind::make_key);
  REQUIRE(second.expires_in);
  CHECK(*second.expires_in <= a_day);
  CHECK(*second.expires_in >= a_day - a_day / 24);
  CHECK(it.keys.permanent().key->id() == fixed_key(1).id());
  CHECK(it.keys.permanent().server_salt == 7);
  CHECK(it.keys.key() == nullptr);
}

TEST_CASE("a temporary key serves when it is bound, and not before") {
  Keys it;
  CHECK(it.keys.connected(it.now).expires_in);
  CHECK(it.keys.making());
  CHECK_FALSE(it.said());
  CHECK(it.made(Keys::temporary()).kind == Kind::nothing);
  CHECK_FALSE(it.keys.making());
  CHECK_FALSE(it.keys.bound());
  CHECK(it.keys.key() == nullptr);
  CHECK(it.keys.find(Keys::temporary().id()) != nullptr);
  const auto order = it.answered(bool_true);
  CHECK(order.kind == Kind::go_over);
  const auto bound = it.keys.go_over();
  CHECK(bound.salt() == 0x5a17);
  CHECK(it.keys.bound());
  CHECK_FALSE(it.keys.renewed());
  REQUIRE(it.keys.key() != nullptr);
  CHECK(it.keys.key()->id() == Keys::temporary().id());
  CHECK_FALSE(it.said());
}

TEST_CASE("a key in use serves the next connection at once, until its end") {
  Keys it;
  it.serve();
  it.now += 23h;
  CHECK(it.keys.connected(it.now).kind == Kind::serve);
  it.now += 1h;
  CHECK(it.keys.connected(it.now).kind == Kind::make_key);
  CHECK(it.keys.key() == nullptr);
}

TEST_CASE("a binding without an answer is said again at once on the next connection") {
  Keys it;
  it.keys.connected(it.now);
  it.made(Keys::temporary());
  CHECK(it.said());
  CHECK_FALSE(it.said());
  CHECK(it.keys.connected(it.now).kind == Kind::nothing);
  CHECK(it.said());
}

TEST_CASE("the next key is made an hour before the end, while the one in use serves") {
  Keys it;
  it.serve();
  CHECK(it.passes(23h - 1s).kind == Kind::nothing);
  CHECK(it.keys.deadline(false) == it.now + 1s);
  CHECK(it.passes(1s).kind == Kind::renew);
  it.keys.put_off(it.now);
  CHECK(it.passes(0s).kind == Kind::nothing);
  CHECK(it.passes(1s).kind == Kind::renew);
  const auto order = it.keys.renew(it.now);
  CHECK(order.kind == Kind::make_key);
  CHECK(order.expires_in);
  it.made(Keys::temporary(2));
  CHECK(it.keys.key()->id() == Keys::temporary(1).id());
  it.bind();
  CHECK(it.keys.renewed());
  CHECK(it.keys.key()->id() == Keys::temporary(2).id());
}

TEST_CASE("answers may come under the key before until its end, on its connection only") {
  for (const bool reconnected : {false, true}) {
    Keys it;
    it.serve();
    CHECK(it.passes(23h).kind == Kind::renew);
    it.keys.renew(it.now);
    it.made(Keys::temporary(2));
    it.bind();
    CHECK(it.keys.find(Keys::temporary(1).id()) != nullptr);
    if (reconnected) {
      it.keys.connected(it.now);
    } else {
      it.passes(1h);
    }
    CHECK(it.keys.find(Keys::temporary(1).id()) == nullptr);
    CHECK(it.keys.find(Keys::temporary(2).id()) != nullptr);
  }
}

TEST_CASE("a renewal that does not end in a minute is given up and tried again later") {
  Keys it;
  it.serve();
  CHECK(it.passes(23h).kind == Kind::renew);
  it.keys.renew(it.now);
  CHECK(it.keys.deadline(false) == it.now + 60s);
  CHECK(it.passes(59s).kind == Kind::nothing);
  CHECK(it.keys.making());
  CHECK(it.passes(1s).kind == Kind::nothing);
  CHECK_FALSE(it.keys.making());
  CHECK(it.keys.bound());
  CHECK(it.passes(5min - 1s).kind == Kind::nothing);
  CHECK(it.passes(1s).kind == Kind::renew);
}

TEST_CASE("a key at its end is not used any more, unless nothing is read") {
  Keys it;
  it.serve(1000);
  it.keys.renew(it.now);
  CHECK(it.keys.deadline(true) < it.now + 990s);
  const auto paused = it.passes(990s, true);
  CHECK(paused.kind == Kind::nothing);
  const auto order = it.passes(0s);
  CHECK(order.kind == Kind::fail);
  CHECK(order.why == errc::temporary_key_expired);
  CHECK(it.keys.key() == nullptr);
}

TEST_CASE("a binding that is never answered ends the connection, or only the renewal") {
  for (const bool serving : {false, true}) {
    Keys it;
    if (serving) {
      it.serve();
      CHECK(it.passes(23h).kind == Kind::renew);
      it.keys.renew(it.now);
    } else {
      it.keys.connected(it.now);
    }
    it.made(Keys::temporary(2));
    Order order;
    for (int i = 0; i < 5; ++i) {
      REQUIRE(it.said());
      order = it.passes(10s);
      if (i < 4) CHECK(order.kind == Kind::nothing);
    }
    CHECK((order.kind == Kind::fail) == !serving);
    if (!serving) CHECK(order.why == boost::system::errc::timed_out);
    CHECK(it.keys.bound() == serving);
  }
}

TEST_CASE("a binding that is refused is made with another key, five times") {
  Keys it;
  it.keys.connected(it.now);
  for (std::uint64_t i = 0; i < 5; ++i) {
    it.made(Keys::temporary(i));
    const auto order = it.answered(rpc_error(400, "EXPIRES_AT_INVALID"));
    CHECK(order.kind == Kind::make_key);
    CHECK(order.expires_in);
  }
  it.made(Keys::temporary(5));
  const auto order = it.answered(rpc_error(400, "EXPIRES_AT_INVALID"));
  CHECK(order.kind == Kind::fail);
  CHECK(order.why == errc::binding_refused);
}

TEST_CASE("a server that is busy is told the same binding again, later each time") {
  Keys it;
  it.keys.connected(it.now);
  it.made(Keys::temporary());
  for (const auto pause : {1s, 2s, 4s}) {
    CHECK(it.answered(rpc_error(500, "INTERNAL")).kind == Kind::nothing);
    CHECK(it.keys.deadline(false) == it.now + pause);
    CHECK_FALSE(it.said());
    it.passes(pause);
  }
  it.bind();
}

TEST_CASE(
    "a permanent key that the server can't read is given up at once, or after a while if young") {
  for (const bool young : {false, true}) {
    Keys it{young ? SessionState{} : with_permanent()};
    it.keys.connected(it.now);
    if (young) it.keys.key_made({fixed_key(1), 7, noon, {}, 2}, it.now);
    it.made(Keys::temporary());
    int refusals = 1;
    Order order;
    for (; refusals < 10; ++refusals) {
      order = it.answered(rpc_error(400, "ENCRYPTED_MESSAGE_INVALID"));
      if (order.kind == Kind::fail) break;
      it.passes(16s);
    }
    CHECK(order.why == errc::permanent_key_refused);
    CHECK(refusals == (young ? 5 : 2));
  }
}

TEST_CASE("a key that the server disowns is bound again, and nothing is written meanwhile") {
  Keys it;
  it.serve();
  const auto first = it.making;
  CHECK(it.keys.disowned(it.now).kind == Kind::nothing);
  CHECK_FALSE(it.keys.bound());
  CHECK(it.keys.key() != nullptr);
  it.bind();
  CHECK(it.keys.bound());
  CHECK(it.keys.key()->id() == first.id());
}

TEST_CASE("what comes in the session of a key that is bound again is not about the binding") {
  Keys it;
  it.serve();
  it.keys.disowned(it.now);
  const auto binding = it.said();
  REQUIRE(binding);
  const auto pong = write_service(Pong{MessageId(4), 1});
  CHECK_FALSE(it.hears(it.making, SessionId(binding->head.session.value() + 1), pong));
  CHECK(it.hears(it.making, binding->head.session, pong));
}

TEST_CASE("where the second binding of a key is refused there is no key until another is made") {
  Keys it;
  it.serve();
  it.keys.disowned(it.now);
  CHECK(it.answered(rpc_error(400, "EXPIRES_AT_INVALID")).kind == Kind::make_key);
  CHECK(it.keys.key() == nullptr);
  CHECK_FALSE(it.keys.bound());
}

TEST_CASE("a key that is disowned for ever is given up, unless calls were answered in between") {
  for (const bool answered : {false, true}) {
    Keys it;
    it.serve();
    Order order;
    for (int i = 0; i < 6; ++i) {
      order = it.keys.disowned(it.now);
      if (order.kind == Kind::fail) break;
      it.bind();
      if (answered) it.keys.accepted();
    }
    CHECK((order.kind == Kind::fail) == !answered);
    if (!answered) CHECK(order.why == errc::binding_refused);
  }
}

TEST_CASE("a -404 without a temporary key is about none") {
  Keys it;
  it.keys.connected(it.now);
  CHECK_FALSE(it.keys.unknown(it.now));
}

TEST_CASE("a key that the server does not know is dropped, six times at the most in a row") {
  Keys it;
  for (int i = 0; i < 6; ++i) {
    it.serve();
    const auto order = it.keys.unknown(it.now);
    REQUIRE(order);
    CHECK(order->kind == Kind::fail);
    CHECK(order->transport_code == -404);
    CHECK(order->why == (i < 5 ? errc::temporary_key_unknown : errc::binding_refused));
    CHECK(it.keys.key() == nullptr);
  }
}

TEST_CASE("a -404 while the next key is made ends that, and the key in use is tried") {
  Keys it;
  it.serve();
  CHECK(it.passes(23h).kind == Kind::renew);
  it.keys.renew(it.now);
  const auto order = it.keys.unknown(it.now);
  REQUIRE(order);
  CHECK(order->kind == Kind::nothing);
  CHECK_FALSE(it.keys.making());
  CHECK(it.keys.bound());
}

TEST_CASE("whether the server has spoken is known of this connection") {
  Keys it;
  it.serve();
  CHECK(it.keys.heard());
  it.keys.connected(it.now);
  CHECK_FALSE(it.keys.heard());
}
