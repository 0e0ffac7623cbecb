#include <catch2/catch.hpp>

#include "fixture.hpp"
#include "mtproto/message/bind_message.hpp"
#include "tests/support/peer.hpp"

using namespace fixture;

namespace {

// Ada's permanent key, signed in, and a client with a temporary key.
struct Keys {
  Keys() : permanent(fixture, 2, key.id()), temporary(fixture, 2, temporary_key.id()) {
    ring.add(key, 1, fixture.now);
    ring.add(temporary_key, 2, fixture.now, 86'400);
    permanent.ring = temporary.ring = &ring;
    permanent.sign_in("9996620001", "22222");
  }
  // The word of the error, or "" where it went well.
  std::string bind() { return bind(temporary); }
  std::string bind(Client& client) {
    mtproto::BindAuthKeyInner inner;
    inner.nonce = 5;
    inner.temp_auth_key_id = client.address().key;
    inner.perm_auth_key_id = key.id();
    inner.temp_session_id = client.address().session;
    inner.expires_at = static_cast<std::int32_t>(
        std::chrono::floor<std::chrono::seconds>(fixture.wall).time_since_epoch().count() + 86'400);
    mtproto::BindTempAuthKey request;
    request.perm_auth_key_id = key.id();
    request.nonce = 5;
    request.expires_at = inner.expires_at;
    request.encrypted_message =
        mtproto::seal_binding(key, inner, client.next_message(), fixture.random);
    const auto answer = client.raw(mtproto::write_service(request));
    if (tl::Reader(answer).peek() == 0x997275b5) return "";
    const auto error = client.decode(answer, tl::any_object);
    return std::string(error["error_message"].text());
  }

  Fixture fixture;
  mtproto::AuthKey key = support::fixed_key(1);
  mtproto::AuthKey temporary_key = support::fixed_key(2);
  mtproto::KeyRing ring;
  Client permanent, temporary;
};

constexpr auto me = "{'_cons':'users.getUsers','id':[{'_cons':'inputUserSelf'}]}";

}  // namespace

TEST_CASE("a temporary key that is not bound may ask for next to nothing") {
  Keys keys;
  CHECK(keys.temporary.call("{'_cons':'help.getConfig'}").constructor() == "config");
  CHECK(keys.temporary.call("{'_cons':'help.getNearestDc'}").constructor() == "nearestDc");
  CHECK(keys.temporary.refused(me) == "401 AUTH_KEY_PERM_EMPTY");
  CHECK(keys.temporary.refused("{'_cons':'help.getAppConfig','hash':0}") ==
        "401 AUTH_KEY_PERM_EMPTY");
  CHECK(keys.temporary.refused("{'_cons':'auth.sendCode','phone_number':'9996620001','api_id':1,"
                               "'api_hash':'x'}") == "401 AUTH_KEY_PERM_EMPTY");
  // Nothing of it is remembered, or saved.
  CHECK(keys.fixture.world.sign_in.find(keys.temporary_key.id()) == nullptr);
}

TEST_CASE("a bound key acts as the user of its permanent key") {
  Keys keys;
  CHECK(keys.bind() == "");
  CHECK(keys.temporary.call(me).items()[0]["first_name"].text() == "Ada");
  CHECK(keys.fixture.world.sign_in.find(keys.temporary_key.id()) == nullptr);
}

TEST_CASE("somebody may sign in under a bound key and is signed in under the permanent one") {
  Keys keys;
  keys.permanent.call("{'_cons':'auth.logOut'}");
  CHECK(keys.bind() == "");
  CHECK(keys.temporary.refused(me) == "401 AUTH_KEY_UNREGISTERED");
  keys.temporary.sign_in("9996620001", "22222");
  CHECK(keys.permanent.call(me).items()[0]["first_name"].text() == "Ada");
}

TEST_CASE("updates reach a session under a bound key, and logging out ends that") {
  Keys keys;
  CHECK(keys.bind() == "");
  keys.temporary.call(me);
  keys.temporary.heard.clear();
  keys.permanent.send("{'_cons':'inputPeerSelf'}", "one");
  CHECK(keys.temporary.updates().size() >= 1);
  keys.temporary.call("{'_cons':'auth.logOut'}");
  CHECK(keys.permanent.refused(me) == "401 AUTH_KEY_UNREGISTERED");
  Client other(keys.fixture);
  other.sign_in("9996620001", "22222");
  keys.temporary.heard.clear();
  other.send("{'_cons':'inputPeerSelf'}", "two");
  CHECK(keys.temporary.updates().empty());
}

TEST_CASE("a client that goes on under another temporary key is told things there and only there") {
  Keys keys;
  CHECK(keys.bind() == "");
  keys.temporary.call(me);
  const auto next_key = support::fixed_key(3);
  keys.ring.add(next_key, 3, keys.fixture.now, 86'400);
  Client next(keys.fixture, 2, next_key.id());
  next.ring = &keys.ring;
  CHECK(keys.bind(next) == "");
  keys.ring.supersede(keys.temporary_key.id());
  keys.fixture.dispatcher.session_moved(keys.temporary.address(), next.address());
  keys.temporary.call(me);  // one that was under way: it is answered, no more
  keys.temporary.heard.clear();
  next.heard.clear();
  keys.permanent.send("{'_cons':'inputPeerSelf'}", "one");
  CHECK(next.updates().size() >= 1);
  CHECK(keys.temporary.updates().empty());
}

TEST_CASE("temporary keys are dropped but for those that are named and the one that asks") {
  Keys keys;
  CHECK(keys.bind() == "");
  std::vector<mtproto::AuthKey> more{support::fixed_key(3), support::fixed_key(4)};
  for (const auto& key : more) {
    keys.ring.add(key, 3, keys.fixture.now, 86'400);
    Client client(keys.fixture, 2, key.id());
    client.ring = &keys.ring;
    CHECK(keys.bind(client) == "");
  }
  const auto kept = std::to_string(static_cast<std::int64_t>(more[0].id().value()));
  CHECK(keys.temporary.call("{'_cons':'auth.dropTempAuthKeys','except_auth_keys':[" + kept + "]}")
            .as_bool());
  CHECK(keys.ring.find(keys.temporary_key.id()) != nullptr);
  CHECK(keys.ring.find(keys.key.id()) != nullptr);
  CHECK(keys.ring.find(more[0].id()) != nullptr);
  CHECK(keys.ring.find(more[1].id()) == nullptr);
}

TEST_CASE("a binding that does not check is refused by its name") {
  Keys keys;
  keys.ring.remove(keys.key.id());
  CHECK(keys.bind() == "ENCRYPTED_MESSAGE_INVALID");
  Keys without;
  without.temporary.ring = nullptr;
  CHECK(without.bind() == "TEMP_AUTH_KEY_EMPTY");
}
