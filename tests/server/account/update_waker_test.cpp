// When Telegram is asked something so that it goes on pushing; by scripted time.
#include <catch2/catch.hpp>

#include "tests/server/account/account_fixture.hpp"

using namespace server::account;
using namespace support;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t get_state = 0xedd4882a, get_difference = 0x19c2f763;

// Somebody's account with one client, whose upstream connection is up.
struct Office {
  AccountWorld world;
  Listener client;
  std::shared_ptr<Account> account;

  explicit Office(Authorization known = {session_of(1, 11), 7, {}, {}}, bool wanted = true) {
    auto updates = known.updates;
    account = std::make_shared<Account>(world.services, shared(world.settings()), std::move(known));
    account->join(client, std::move(updates));
    account->want_updates(client, wanted);
    account->open();
    home().come_up();
    home().end_turn();
  }
  ScriptedUpstream& home() { return world.upstream(0); }
  void renew() {
    home().user.on_renewed();
    home().end_turn();
  }
  std::size_t asked(std::uint32_t method = get_state) {
    std::size_t out = 0;
    for (std::size_t i = 0; i < home().sent.size(); ++i) out += home().method(i) == method;
    return out;
  }
  void answer(tl::Bytes body) {
    home().answer(home().sent.size() - 1, std::move(body));
    home().end_turn();
  }
  // What comes is told at the machine's own time.
  static mtproto::Time now() { return server::upstream::boot_time(); }
  void client_calls(bool api, mtproto::Time when) {
    std::optional<CallId> id;
    mtproto::SendOptions options;
    options.api = api;
    account->calls().call(home_dc, word(0xa), std::move(options), client, 1, when, id);
    REQUIRE(id);
  }
};

tl::Bytes state() {
  return encoded(*account_schema(),
                 R"({"_cons":"updates.state","pts":5,"qts":0,"date":1,"seq":1,"unread_count":0})");
}
tl::Bytes authorization() {
  return encoded(*account_schema(),
                 R"({"_cons":"auth.authorization","user":{"_cons":"user","id":7}})");
}

}  // namespace

TEST_CASE("In a session that Telegram made anew it is asked at once", "[update_waker]") {
  Office office;
  CHECK(office.asked() == 0);
  office.renew();
  REQUIRE(office.asked() == 1);
  CHECK(office.home().sent[0].options.repeat == mtproto::Repeat::freely);
  SECTION("once more in the next") {
    office.answer(state());
    office.renew();
    CHECK(office.asked() == 2);
  }
  SECTION("and the client hears nothing of it") {
    office.client.heard.clear();
    office.answer(state());
    CHECK(office.client.heard.empty());
  }
}

TEST_CASE("After half an hour without an API call Telegram is asked something", "[update_waker]") {
  Office office;
  CHECK_FALSE(office.account->deadline(office.client));  // no session yet that could fall silent
  office.client_calls(true, at(0));
  CHECK(office.account->deadline(office.client) == at(30 * 60));
  office.client_calls(false, at(600));  // a ping, say
  CHECK(office.account->deadline(office.client) == at(30 * 60));
  office.client_calls(true, at(900));
  CHECK(office.account->deadline(office.client) == at(45 * 60));
  office.account->tick(office.client, at(45 * 60 - 1));
  CHECK(office.asked() == 0);
  office.account->tick(office.client, at(45 * 60));
  CHECK(office.asked() == 1);
  CHECK_FALSE(office.account->deadline(office.client));  // until it is answered
  office.answer(state());
  CHECK(office.account->deadline(office.client) == at(75 * 60));
}

TEST_CASE("Who does not want updates, or does not read, asks nothing", "[update_waker]") {
  Office office({session_of(1, 11), 7, {}, {}}, false);
  office.client_calls(true, at(0));
  office.renew();
  CHECK(office.asked() == 0);
  CHECK_FALSE(office.account->deadline(office.client));
  office.account->want_updates(office.client, true);
  CHECK(office.account->deadline(office.client) == at(30 * 60));
  office.account->pause(office.client, true, at(0));
  CHECK_FALSE(office.account->deadline(office.client));
  office.account->tick(office.client, at(7200));
  CHECK(office.asked() == 0);
  office.account->pause(office.client, false, at(7200));
  office.account->tick(office.client, at(7200));
  CHECK(office.asked() == 1);
  office.account->want_updates(office.client, false);
  CHECK(office.home().forgotten.size() == 1);
}

TEST_CASE("While nobody is signed in Telegram is not kept awake", "[update_waker]") {
  Office office(Authorization{});
  office.client_calls(true, at(0));
  office.renew();
  CHECK(office.asked() == 0);
  CHECK_FALSE(office.account->deadline(office.client));
  // Through the gateway, or by a call of the client's own.
  if (GENERATE(true, false)) {
    office.account->signed_in(7, at(5));
  } else {
    office.account->answered(office.client, authorization(), nullptr, nullptr, word(1), at(5));
  }
  CHECK(office.client.due > 0);
  CHECK(office.account->deadline(office.client) == at(30 * 60));
  office.renew();
  CHECK(office.asked() == 1);
  SECTION("and signs out") {
    office.account->answered(office.client, encoded(*account_schema(), R"({"_cons":"boolTrue"})"),
                             nullptr, account_schema()->function_by_name("auth.logOut"), word(1),
                             at(9));
    office.renew();
    CHECK(office.asked() == 1);
  }
}

TEST_CASE("A key that turns out to be nobody's is not asked about again", "[update_waker]") {
  Office office({session_of(1, 11), {}, {}, {}});
  office.renew();
  REQUIRE(office.asked() == 1);
  office.answer(error(401, "AUTH_KEY_UNREGISTERED"));
  office.renew();
  CHECK(office.asked() == 1);
  CHECK_FALSE(office.account->deadline(office.client));
}

TEST_CASE("What was not answered well is asked again a minute later", "[update_waker]") {
  Office office;
  office.renew();
  SECTION("refused") { office.answer(error(500, "INTERNAL")); }
  SECTION("lost") {
    office.home().user.on_lost(office.home().sent[0].id);
    office.home().end_turn();
  }
  SECTION("not initialised") {
    office.answer(error(400, "CONNECTION_NOT_INITED"));
    CHECK(office.home().prefixes.size() == 2);
  }
  REQUIRE(office.account->deadline(office.client));
  CHECK(*office.account->deadline(office.client) > office.now() + 50s);
  CHECK(*office.account->deadline(office.client) <= office.now() + 60s);
  office.account->tick(office.client, office.now() + 60s);
  CHECK(office.asked() == 2);
}

TEST_CASE("Where updates are recovered the difference is what is asked for", "[update_waker]") {
  Office office({session_of(1, 11), 7, R"({"pts":5,"qts":0,"date":1,"seq":1})", {}});
  office.account->recover_updates(office.client, true, at(0));
  const auto nothing_new =
      encoded(*account_schema(), R"({"_cons":"updates.differenceEmpty","date":1,"seq":1})");
  REQUIRE(office.asked(get_difference) == 1);
  office.answer(nothing_new);
  office.renew();
  CHECK(office.asked(get_difference) == 2);
  CHECK(office.asked() == 0);
}
