#include "mtproto/session/binding.hpp"

#include <catch2/catch.hpp>

#include "binding_support.hpp"
#include "mtproto/message/service_ack.hpp"
#include "mtproto/message/service_session.hpp"

using namespace mtproto;
using namespace support;

namespace {

// A binding, and the server that it is said to.
struct Bound {
  static AuthKey permanent() { return fixed_key(1); }
  static AuthKey temporary() { return fixed_key(2); }

  std::optional<SaidBinding> said() {
    const auto packet = binding.write(permanent(), wall, now, random);
    if (!packet) return {};
    auto out = read_binding(*packet, permanent(), temporary());
    CHECK(out.inner.expires_at == 1'700'086'400);
    return out;
  }
  template <class T>
  std::optional<Bytes> hears(const T& message) {
    return hears(ByteView(write_service(message)));
  }
  std::optional<Bytes> hears(ByteView body) {
    const auto id = ids.next(server_wall, MessageKind::answer, random);
    const auto incoming = said_under(temporary(), binding.session(), id, body, random);
    return binding.heard(incoming, clock, now, random);
  }

  ScriptedRandom random{5};
  Time now = start;
  UnixTime wall = noon;
  UnixTime server_wall = noon;
  ServerClock clock{start, noon};
  MessageIdSource ids;
  Binding binding{{temporary(), 0x5a17, 1'700'086'400, start + 23h, start + 24h}, SessionId(77)};
};

}  // namespace

TEST_CASE("a binding refused for its salt is built anew for its new id") {
  Bound bound;
  const auto first = bound.said();
  REQUIRE(first);
  CHECK(first->head.salt == 0x5a17);
  CHECK_FALSE(bound.said());
  CHECK_FALSE(bound.hears(BadServerSalt{first->head.id, 1, 48, 0x1234}));
  const auto second = bound.said();
  REQUIRE(second);
  CHECK(second->head.salt == 0x1234);
  CHECK(second->head.id > first->head.id);
  CHECK(second->head.session == first->head.session);
  CHECK(second->request.encrypted_message != first->request.encrypted_message);
  CHECK(second->request.nonce != first->request.nonce);
}

TEST_CASE("a binding refused for its id or number is built anew where that helps") {
  for (const auto code : {16, 17, 32, 33}) {
    Bound bound;
    bound.server_wall += 2h;
    const auto first = bound.said();
    bound.hears(BadMsgNotification{first->head.id, 1, code});
    CHECK(bound.clock.at(bound.now) > noon + 1h);
    const auto second = bound.said();
    REQUIRE(second);
    CHECK((second->head.session == first->head.session) == (code == 16));
  }
}

TEST_CASE("notices about what was never said change nothing") {
  Bound bound;
  bound.said();
  bound.hears(BadServerSalt{MessageId(4), 1, 48, 0x1234});
  bound.hears(BadMsgNotification{MessageId(4), 1, 17});
  CHECK_FALSE(bound.hears(ByteView(write_rpc_result(MessageId(4), words({0x997275b5})))));
  CHECK_FALSE(bound.said());
  CHECK(bound.binding.salt() == 0x5a17);
}

TEST_CASE("the answer to an earlier saying of a binding is its answer") {
  Bound bound;
  const auto first = bound.said();
  bound.now += 11s;
  REQUIRE(bound.said());
  const auto answer = bound.hears(ByteView(write_rpc_result(first->head.id, words({0x997275b5}))));
  REQUIRE(answer);
  CHECK(*answer == words({0x997275b5}));
}

TEST_CASE("a binding without an answer is said five times and is exhausted then") {
  Bound bound;
  for (int i = 0; i < 5; ++i) {
    CHECK_FALSE(bound.binding.exhausted(bound.now));
    REQUIRE(bound.said());
    bound.now = bound.binding.due();
  }
  CHECK(bound.binding.exhausted(bound.now));
  CHECK_FALSE(bound.said());
  bound.binding.restart(bound.now);
  CHECK(bound.said());
}
