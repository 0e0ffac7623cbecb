#include <catch2/catch.hpp>

#include "mtproto/message/bind_message.hpp"
#include "server.hpp"

using namespace mtproto;
using namespace support;

namespace {

// A ring with a permanent and a temporary key, and a request that binds one to the other.
struct Keys {
  Keys() {
    ring.add(permanent, 1, start);
    ring.add(temporary, 2, start, 86'400);
    inner.nonce = 99;
    inner.temp_auth_key_id = temporary.id();
    inner.perm_auth_key_id = permanent.id();
    inner.temp_session_id = from.session;
    inner.expires_at = 1'700'086'400;
  }
  std::string_view bind(const AuthKey& signer) {
    BindTempAuthKey request;
    request.perm_auth_key_id = named.value_or(inner.perm_auth_key_id);
    request.nonce = nonce.value_or(inner.nonce);
    request.expires_at = expires_at.value_or(inner.expires_at);
    request.encrypted_message = seal_binding(signer, inner, MessageId(0x1000), random);
    return ring.bind(from, message, write_service(request), now, noon + (now - start));
  }
  std::string_view bind() { return bind(permanent); }

  ScriptedRandom random{8};
  AuthKey permanent = fixed_key(1);
  AuthKey temporary = fixed_key(2);
  KeyRing ring;
  Time now = start;
  SessionAddress from{temporary.id(), SessionId(0x5e55)};
  MessageId message{0x1000};
  BindAuthKeyInner inner;
  std::optional<AuthKeyId> named;
  std::optional<std::uint64_t> nonce;
  std::optional<std::int32_t> expires_at;
};

constexpr std::string_view invalid = "ENCRYPTED_MESSAGE_INVALID";

}  // namespace

TEST_CASE("a temporary key speaks for nobody until it is bound and for its owner after") {
  Keys keys;
  CHECK(keys.ring.owner(keys.permanent.id()) == keys.permanent.id());
  CHECK_FALSE(keys.ring.owner(keys.temporary.id()));
  CHECK(keys.bind() == "");
  CHECK(keys.ring.owner(keys.temporary.id()) == keys.permanent.id());
  CHECK(keys.bind() == "");  // once more does no harm
  REQUIRE(keys.ring.keys().size() == 1);
  CHECK(keys.ring.keys()[0].id() == keys.permanent.id());
}

TEST_CASE("each part of a binding that is not what it has to be is refused") {
  const auto refused = [](auto change) {
    Keys keys;
    change(keys);
    const auto said = keys.bind();
    CHECK_FALSE(keys.ring.owner(keys.temporary.id()));
    return said;
  };
  CHECK(refused([](Keys& it) { it.message = MessageId(0x1004); }) == invalid);
  CHECK(refused([](Keys& it) { it.nonce = 98; }) == invalid);
  CHECK(refused([](Keys& it) { it.inner.temp_auth_key_id = AuthKeyId(5); }) == invalid);
  CHECK(refused([](Keys& it) { it.inner.temp_session_id = SessionId(5); }) == invalid);
  CHECK(refused([](Keys& it) { it.named = AuthKeyId(5); }) == invalid);
  CHECK(refused([](Keys& it) { it.named = it.temporary.id(); }) == invalid);
  CHECK(refused([](Keys& it) { it.inner.perm_auth_key_id = AuthKeyId(5); }) == invalid);
  CHECK(refused([](Keys& it) { it.ring.remove(it.permanent.id()); }) == invalid);
  CHECK(refused([](Keys& it) { it.expires_at = 1'700'086'401; }) == "EXPIRES_AT_INVALID");
  CHECK(refused([](Keys& it) { it.inner.expires_at += 301; }) == "EXPIRES_AT_INVALID");
  CHECK(refused([](Keys& it) { it.inner.expires_at = 1'699'999'999; }) == "EXPIRES_AT_INVALID");
  Keys keys;
  CHECK(keys.bind(fixed_key(3)) == invalid);
  CHECK(keys.ring.bind(keys.from, keys.message, words({1, 2, 3}), start, noon) == invalid);
}

TEST_CASE("only a temporary key can be bound and only to one permanent key") {
  Keys keys;
  keys.ring.add(fixed_key(3), 3, start);
  CHECK(keys.bind() == "");
  keys.inner.perm_auth_key_id = fixed_key(3).id();
  CHECK(keys.bind(fixed_key(3)) == "TEMP_AUTH_KEY_ALREADY_BOUND");
  CHECK(keys.ring.owner(keys.temporary.id()) == keys.permanent.id());
  keys.from.key = keys.permanent.id();
  CHECK(keys.bind() == "TEMP_AUTH_KEY_EMPTY");
}

TEST_CASE("a temporary key goes with its time and with its permanent key") {
  Keys keys;
  CHECK(keys.bind() == "");
  keys.now += 86'400s;
  CHECK(keys.bind() == "TEMP_AUTH_KEY_EMPTY");
  CHECK(keys.ring.find(keys.temporary.id()) == nullptr);
  Keys removed;
  CHECK(removed.bind() == "");
  removed.ring.remove(removed.permanent.id());
  CHECK(removed.ring.find(removed.temporary.id()) == nullptr);
}

TEST_CASE("a key that has expired is answered with -404") {
  Server server;
  server.ring.add(server.client.key, Server::salt, server.now, 60);
  server.settle();
  server.pass(61s);
  server.tell(server.client.say(Ping{1}));
  CHECK(server.heard().empty());
  REQUIRE(server.client.plain.size() == 1);
  CHECK(transport_error(server.client.plain[0], false) == -404);
}
