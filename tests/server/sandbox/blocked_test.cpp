#include <catch2/catch.hpp>

#include "tests/server/sandbox/fixture.hpp"

using namespace fixture;

namespace {

struct Two {
  Fixture fixture;
  Client ada{fixture}, alan{fixture, 1};
  std::string alan_peer, ada_peer;

  Two() {
    ada.sign_in("9996620001", "22222");
    alan.sign_in("9996610003", "11111");
    alan_peer = ada.peer("alan_turing");
    ada_peer = alan.peer("ada_lovelace");
  }
  static std::string block(const std::string& whom) {
    return "{'_cons':'contacts.block','id':" + whom + "}";
  }
  static std::string unblock(const std::string& whom) {
    return "{'_cons':'contacts.unblock','id':" + whom + "}";
  }
  static std::string send(const std::string& peer) {
    return "{'_cons':'messages.sendMessage','peer':" + peer + ",'message':'x'}";
  }
};

}  // namespace

TEST_CASE("who is blocked can't write, nor can who did it, until it is undone") {
  Two two;
  CHECK(two.ada.call(Two::block(two.alan_peer)).as_bool());
  CHECK(two.ada.call(Two::block(two.alan_peer)).as_bool());  // it is so already
  CHECK(two.ada.refused(Two::send(two.alan_peer)) == "400 YOU_BLOCKED_USER");
  CHECK(two.alan.refused(Two::send(two.ada_peer)) == "400 USER_IS_BLOCKED");
  CHECK(two.ada.call(Two::unblock(two.alan_peer)).as_bool());
  CHECK(two.ada.refused(Two::send(two.alan_peer)) == "");
  CHECK(two.alan.refused(Two::send(two.ada_peer)) == "");
}

TEST_CASE("who is blocked stands in the list of it, and is marked") {
  Two two;
  two.ada.call(Two::block(two.alan_peer));
  two.fixture.pass(std::chrono::seconds(5));
  two.ada.call(Two::block(two.ada.peer("echobot")));
  const auto list = [&](int limit) {
    return two.ada.call(
        "{'_cons':'contacts.getBlocked','offset':0,'limit':" + std::to_string(limit) + "}");
  };
  const auto all = list(10);
  REQUIRE(all["blocked"].items().size() == 2);
  CHECK(all.constructor() == "contacts.blocked");
  CHECK(number(all["blocked"].items()[0]["peer_id"]["user_id"]) == 1000001);
  CHECK(number(all["blocked"].items()[1]["date"]) == 1'800'000'000);
  CHECK(all["users"].items().size() == 2);
  CHECK(list(1).constructor() == "contacts.blockedSlice");
  CHECK(number(list(1)["count"]) == 2);

  const auto blocked = [&] {
    return two.ada
        .call(
            "{'_cons':'users.getFullUser','id':" +
            Client::input(
                "inputUser",
                two.ada
                    .call("{'_cons':'contacts.resolveUsername','username':'alan_turing'}")["users"]
                    .items()[0]) +
            "}")["full_user"]["blocked"]
        .as_bool();
  };
  CHECK(blocked());
  two.ada.call(Two::unblock(two.alan_peer));
  CHECK_FALSE(blocked());
}

TEST_CASE("one's other clients hear who is blocked") {
  Two two;
  Client other(two.fixture);
  other.sign_in("9996620001", "22222");
  other.updates();
  two.ada.call(Two::block(two.alan_peer));
  const auto heard = other.updates();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].constructor() == "updatePeerBlocked");
  CHECK(heard[0]["blocked"].as_bool());
  two.ada.call(Two::unblock(two.alan_peer));
  CHECK_FALSE(other.updates()[0]["blocked"].as_bool());
  CHECK(two.alan.updates().empty());
}

TEST_CASE("nobody can be blocked who is not there, nor oneself") {
  Two two;
  CHECK(two.ada.refused(Two::block("{'_cons':'inputPeerSelf'}")) == "400 CONTACT_ID_INVALID");
  CHECK(two.ada.refused(Two::block("{'_cons':'inputPeerUser','user_id':5,'access_hash':5}")) ==
        "400 PEER_ID_INVALID");
}

TEST_CASE("a bot that is blocked while it thinks says nothing") {
  Two two;
  const auto bot = two.ada.peer("echobot");
  two.ada.send(bot, "hello");
  two.ada.call(Two::block(bot));
  two.ada.updates();
  two.fixture.pass(std::chrono::seconds(5));
  CHECK(two.ada.updates().empty());
}
