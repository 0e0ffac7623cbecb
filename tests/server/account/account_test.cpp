#include "server/account/account.hpp"

#include <catch2/catch.hpp>

#include "tests/server/account/account_fixture.hpp"

using namespace server::account;
using namespace support;
using mtproto::DcId;

namespace {

constexpr DcId dc3{3};

// An account with a client, connected.
struct Desk {
  AccountWorld world;
  Listener user;
  std::shared_ptr<Account> account;

  explicit Desk(mtproto::SessionState session = {})
      : account(make_account(world, std::move(session))) {
    account->join(user);
    account->open();
  }
  ScriptedUpstream& home() { return world.upstream(0); }
  void push(std::uint32_t what) { home().user.on_pushed(word(what)); }
};

// Whether some account has that key.
bool is_claimed(AccountWorld& world, std::uint8_t key) {
  return world.live.find(key_of(key).id()).has_value();
}

const tl::Combinator* log_out() { return account_schema()->function_by_name("auth.logOut"); }

RpcError unregistered(const tl::Bytes& bytes) { return rpc_error(tl::ByteView(bytes)).value(); }

}  // namespace

TEST_CASE("An account tells what came in the order in which it came, when the turn ends",
          "[account]") {
  Desk desk;
  call(*desk.account, home_dc, desk.user, 1);
  call(*desk.account, home_dc, desk.user, 2);
  desk.home().come_up();
  desk.home().answer(0, word(0xaa));
  desk.push(5);
  desk.home().answer(1, word(0xaa));
  CHECK(desk.user.heard.empty());
  desk.home().end_turn();
  CHECK(desk.user.heard == Lines{"0 ready", "1 answer", "pushed 5", "2 answer"});
}

TEST_CASE("That a connection failed is told before what became of its calls", "[account]") {
  Desk desk;
  call(*desk.account, home_dc, desk.user, 1);
  desk.home().user.on_connecting();
  desk.home().go_down("no route");
  CHECK(desk.user.heard == Lines{"0 connecting", "0 waiting", "1 unreachable"});
}

TEST_CASE("A call made from inside a callback is told of in its turn", "[account]") {
  Desk desk;
  desk.home().come_up();
  call(*desk.account, home_dc, desk.user, 1);
  desk.user.then = [&](const std::string& line) {
    if (line != "pushed 5") return;
    call(*desk.account, home_dc, desk.user, 2);
    desk.home().answer(1, word(0xaa));
    desk.home().end_turn();
    CHECK(desk.user.heard.back() == "pushed 5");
  };
  desk.push(5);
  desk.home().answer(0, word(0xaa));
  desk.home().end_turn();
  CHECK(desk.user.heard == Lines{"0 ready", "pushed 5", "1 answer", "2 answer"});
}

TEST_CASE("A connection home that is ready again says so, one elsewhere does not", "[account]") {
  Desk desk;
  call(*desk.account, dc3, desk.user, 1);
  auto& there = desk.world.upstream(1);
  for (int i = 0; i < 2; ++i) {
    desk.home().come_up();
    desk.home().end_turn();
    there.come_up();
    there.end_turn();
  }
  CHECK(desk.user.heard == Lines{"0 ready", "3 ready", "0 ready"});
}

TEST_CASE("All clients of an account hear what is pushed", "[account]") {
  Desk desk;
  Listener other;
  desk.account->join(other);
  desk.push(5);
  desk.home().end_turn();
  CHECK(desk.user.heard == Lines{"pushed 5"});
  CHECK(other.heard == Lines{"pushed 5"});
}

TEST_CASE("What is pushed to an account's one client is not copied", "[account]") {
  Desk desk;
  const tl::Bytes body(1000, 5);
  tl::Slice pushed(body);
  const auto* const place = pushed.data();
  const std::uint8_t* heard = nullptr;
  desk.user.pushed_too = [&](const tl::Slice& it) { heard = it.data(); };
  desk.home().user.on_pushed(std::move(pushed));
  desk.home().end_turn();
  CHECK(heard == place);
}

// --- claims ---

TEST_CASE("A second account of one key does not drive the same session", "[account]") {
  AccountWorld world;
  const auto first = make_account(world, session_of(1, 11));
  const auto second = make_account(world, session_of(1, 11));
  const auto third = make_account(world, session_of(2, 11));
  CHECK(first->session().session == mtproto::SessionId(11));
  CHECK(second->session().session == mtproto::SessionId(0));
  CHECK(second->session().last_seqno == 0);
  CHECK(second->session().key->id() == first->session().key->id());
  CHECK(third->session().session == mtproto::SessionId(11));
}

TEST_CASE("An account that closes gives its claim back, and one without a claim takes none away",
          "[account]") {
  AccountWorld world;
  auto first = make_account(world, session_of(1, 11));
  make_account(world, session_of(1, 11))->close();
  CHECK(make_account(world, session_of(1, 11))->session().session == mtproto::SessionId(0));
  CHECK(is_claimed(world, 1));
  first->close();
  CHECK_FALSE(is_claimed(world, 1));
  CHECK(make_account(world, session_of(1, 11))->session().session == mtproto::SessionId(11));
  // The last one went away without being closed.
  CHECK_FALSE(is_claimed(world, 1));
}

TEST_CASE("A key is claimed once it is made", "[account]") {
  Desk desk;
  CHECK_FALSE(is_claimed(desk.world, 1));
  desk.home().session = session_of(1, 12);
  desk.home().end_turn();
  CHECK(is_claimed(desk.world, 1));
  CHECK(desk.world.live.find(key_of(1).id())->account == desk.account.get());
}

TEST_CASE("What is left of an account is its session, its user and the names it knew",
          "[account]") {
  Desk desk(session_of(1, 11));
  desk.account->set_user_id(7);
  desk.home().session.last_seqno = 99;
  std::pmr::monotonic_buffer_resource arena;
  const auto resolved =
      tl::read_json(R"({"_cons":"contacts.resolvedPeer","peer":{"_cons":"peerUser","user_id":5},)"
                    R"("users":[{"_cons":"user","id":5,"access_hash":6}]})",
                    arena);
  REQUIRE(desk.account->names().learn("ada", *resolved, at(0)));
  const auto left = desk.account->close();
  CHECK(left.session.last_seqno == 99);
  CHECK(left.user_id == 7);
  CHECK(left.names.find("ada"));
  CHECK(desk.home().closed);
  CHECK(desk.account->dead());
}

// --- elsewhere ---

TEST_CASE("A sign-out closes what is open elsewhere and loses what was in flight there",
          "[account]") {
  Desk desk;
  call(*desk.account, home_dc, desk.user, 1);
  call(*desk.account, dc3, desk.user, 2);
  desk.account->answered(desk.user, word(0x997275b5), nullptr, log_out(), word(1), at(0));
  CHECK(desk.world.upstream(1).closed);
  CHECK_FALSE(desk.home().closed);
  CHECK(desk.user.heard.empty());
  desk.world.turn();
  CHECK(desk.user.heard == Lines{"2 lost"});
  desk.home().answer(0, word(0xaa));
  desk.home().end_turn();
  CHECK(desk.user.heard == Lines{"2 lost", "1 answer"});
}

TEST_CASE("A refused sign-out, and any other answer, closes nothing", "[account]") {
  Desk desk;
  call(*desk.account, dc3, desk.user, 1);
  const auto flood = error(420, "FLOOD_WAIT_5");
  const auto refusal = unregistered(flood);
  desk.account->note_refusal(&refusal, log_out());
  desk.account->note_refusal(nullptr, nullptr);
  CHECK_FALSE(desk.world.upstream(1).closed);
}

TEST_CASE("A key that opens nothing any more ends what it opened elsewhere", "[account]") {
  Desk desk(session_of(1, 11));
  const auto bytes = error(401, "AUTH_KEY_UNREGISTERED");
  const auto refusal = unregistered(bytes);
  call(*desk.account, dc3, desk.user, 1);
  // Nothing was given away yet.
  desk.account->note_refusal(&refusal, nullptr);
  CHECK_FALSE(desk.world.upstream(1).closed);
  desk.home().answer(
      0, encoded(*account_schema(),
                 R"({"_cons":"auth.exportedAuthorization","id":"7","bytes":"c2VjcmV0"})"));
  desk.home().end_turn();
  REQUIRE(desk.world.upstream(1).sent.size() == 1);
  desk.account->note_refusal(&refusal, nullptr);
  CHECK(desk.world.upstream(1).closed);
  desk.world.turn();
  CHECK(desk.user.heard == Lines{"1 lost"});
}

// --- in the midst of it ---

TEST_CASE("A client that leaves from inside a callback hears nothing more", "[account]") {
  Desk desk;
  Listener other;
  desk.account->join(other);
  desk.user.then = [&](const std::string&) { desk.account->leave(desk.user); };
  desk.push(5);
  desk.push(6);
  desk.home().end_turn();
  CHECK(desk.user.heard == Lines{"pushed 5"});
  CHECK(other.heard == Lines{"pushed 5", "pushed 6"});
}

TEST_CASE("A client that another sent away from inside a callback hears nothing more",
          "[account]") {
  Desk desk;
  auto other = std::make_unique<Listener>();
  desk.account->join(*other);
  desk.user.then = [&](const std::string&) {
    if (!other) return;
    desk.account->leave(*other);
    CHECK(other->heard.empty());
    other.reset();
  };
  desk.push(5);
  desk.home().end_turn();
  CHECK(desk.user.heard == Lines{"pushed 5"});
  CHECK_FALSE(other);
}

TEST_CASE("An account that is closed from inside a callback tells nothing more", "[account]") {
  Desk desk;
  call(*desk.account, home_dc, desk.user, 1);
  desk.user.then = [&](const std::string&) { desk.account->close(); };
  desk.push(5);
  desk.push(6);
  desk.home().answer(0, word(0xaa));
  desk.home().end_turn();
  CHECK(desk.user.heard == Lines{"pushed 5"});
}

TEST_CASE("An account whose last holder goes from inside a callback tells nothing more",
          "[account]") {
  Desk desk;
  desk.user.then = [&](const std::string&) {
    desk.account->leave(desk.user);
    desk.account.reset();
  };
  desk.push(5);
  desk.push(6);
  desk.home().end_turn();
  CHECK(desk.user.heard == Lines{"pushed 5"});
  CHECK(desk.home().closed);
}

TEST_CASE("What was left for a later turn is not told by an account that is gone by then",
          "[account]") {
  Desk desk;
  call(*desk.account, dc3, desk.user, 1);
  desk.account->close_secondary("signed out");
  desk.account.reset();
  desk.world.turn();
  CHECK(desk.user.heard.empty());
}

TEST_CASE("A key that is of no use makes the account dead, one elsewhere does not", "[account]") {
  Desk desk;
  call(*desk.account, dc3, desk.user, 1);
  desk.world.upstream(1).go_down("the key is unknown", true);
  CHECK_FALSE(desk.account->dead());
  desk.home().go_down("no route");
  CHECK_FALSE(desk.account->dead());
  desk.home().go_down("the key is unknown", true);
  CHECK(desk.account->dead());
}

// --- updates ---

namespace {

// updatesTooLong, which a feed would ask about and not tell.
constexpr std::uint32_t too_long = 0xe317af7e;

}  // namespace

TEST_CASE("Updates go through the feed while it is wanted, and other pushes do not", "[account]") {
  Desk desk;
  desk.account->recover_updates(desk.user, true, at(0));
  desk.push(too_long);
  desk.push(5);
  desk.home().end_turn();
  CHECK(desk.user.heard == Lines{"pushed 5"});
  desk.account->recover_updates(desk.user, false, at(0));
  desk.push(too_long);
  desk.home().end_turn();
  CHECK(desk.user.heard == Lines{"pushed 5", "pushed " + std::to_string(too_long)});
}

TEST_CASE("What one client claims is not the feed's", "[account]") {
  Desk desk;
  desk.account->recover_updates(desk.user, true, at(0));
  desk.user.claims_all = true;
  desk.push(too_long);
  desk.home().end_turn();
  CHECK(desk.user.heard == Lines{"pushed " + std::to_string(too_long)});
}

TEST_CASE("A feed asks at once where there is a key, and without one when there is a connection",
          "[account]") {
  Desk known(session_of(1, 11)), fresh;
  known.account->recover_updates(known.user, true, at(0));
  CHECK(known.home().sent.size() == 1);
  fresh.account->recover_updates(fresh.user, true, at(0));
  CHECK(fresh.home().sent.empty());
  fresh.home().come_up();
  fresh.home().end_turn();
  CHECK(fresh.home().sent.size() == 1);
}

TEST_CASE("Each client of an account hears updates as it wants them, from where it stopped",
          "[account]") {
  Desk desk(session_of(1, 11));
  Listener plain;
  desk.account->join(plain);
  desk.account->recover_updates(desk.user, true, at(0));
  desk.push(too_long);
  desk.home().end_turn();
  CHECK(desk.user.heard.empty());
  CHECK(plain.heard == Lines{"pushed " + std::to_string(too_long)});

  const std::string stopped = R"({"pts":5,"qts":0,"date":1,"seq":1,"update_seq":9})";
  Listener late;
  desk.account->join(late, stopped);
  CHECK(desk.account->updates(late) == stopped);
  desk.account->recover_updates(late, true, at(0));
  CHECK(desk.account->updates(late) == stopped);
  CHECK(desk.account->updates(desk.user) != stopped);
}

TEST_CASE("What one client's answer tells of updates the others hear as well", "[account]") {
  Desk desk(session_of(1, 11));
  Listener other;
  desk.account->join(other);
  desk.account->want_updates(other, true);
  desk.account->answered(desk.user, word(too_long), nullptr, nullptr, word(1), at(0));
  CHECK(desk.user.heard.empty());
  CHECK(other.heard == Lines{"pushed " + std::to_string(too_long)});
  desk.account->answered(desk.user, word(0x997275b5), nullptr, nullptr, word(1), at(0));
  CHECK(other.heard.size() == 1);
}

TEST_CASE("That a message was sent before makes those who recover updates ask what is new",
          "[account]") {
  Desk desk(session_of(1, 11));
  Listener other;
  desk.account->join(other, R"({"pts":5,"qts":0,"date":1,"seq":1,"update_seq":9})");
  desk.account->recover_updates(other, true, at(0));
  desk.home().come_up();
  desk.home().end_turn();
  desk.home().answer(
      0, encoded(*account_schema(), R"({"_cons":"updates.differenceEmpty","date":1,"seq":1})"));
  desk.home().end_turn();
  const auto refused = [&](std::string_view why) {
    const auto body =
        encoded(*account_schema(), R"({"_cons":"rpc_error","error_code":500,"error_message":")" +
                                       std::string(why) + R"("})");
    const auto error = rpc_error(tl::ByteView(body)).value();
    desk.account->answered(desk.user, body, &error, nullptr, word(1), at(0));
  };
  refused("MSG_WAIT_FAILED");
  CHECK(desk.home().sent.size() == 1);
  refused("RANDOM_ID_DUPLICATE");
  REQUIRE(desk.home().sent.size() == 2);
  CHECK(desk.home().method(1) == desk.home().method(0));
}

TEST_CASE("Telegram is read while one client does", "[account]") {
  Desk desk;
  Listener other;
  desk.account->join(other);
  desk.account->pause(desk.user, true, at(0));
  CHECK_FALSE(desk.home().paused);
  desk.account->pause(other, true, at(0));
  CHECK(desk.home().paused);
  desk.account->leave(other);
  CHECK(desk.home().paused);
  desk.account->join(other);
  CHECK_FALSE(desk.home().paused);
  desk.account->pause(other, true, at(0));
  CHECK(desk.home().paused);
  desk.account->pause(other, false, at(0));
  CHECK_FALSE(desk.home().paused);
}

TEST_CASE("Whoever calls next says who it is where another spoke before", "[account]") {
  Desk desk;
  const auto before = desk.home().prefixes.size();
  auto how = desk.world.settings();
  desk.account->speak_as(support::shared(how));
  CHECK(desk.home().prefixes.size() == before);
  how.prefix = word(2);
  how.home = mtproto::DcId(4);
  desk.account->speak_as(support::shared(how));
  REQUIRE(desk.home().prefixes.size() == before + 1);
  CHECK(desk.home().prefixes.back() == word(2));
  CHECK(desk.account->settings().home == mtproto::DcId(2));
}

// --- a key that is gone ---

TEST_CASE("That the key is gone is told after what became of the calls", "[account]") {
  Desk desk(session_of(1, 11));
  call(*desk.account, home_dc, desk.user, 1);
  desk.home().go_down("the key is unknown", true);
  CHECK(desk.user.heard == Lines{"0 failed", "1 unreachable", "key gone: the key is unknown"});
  CHECK_FALSE(is_claimed(desk.world, 1));
}

TEST_CASE("A key that was used from two places is gone, and all who use it are told once",
          "[account]") {
  Desk desk(session_of(1, 11));
  Listener other;
  desk.account->join(other);
  const auto bytes = error(406, "AUTH_KEY_DUPLICATED");
  const auto refusal = unregistered(bytes);
  desk.account->note_refusal(&refusal, nullptr);
  desk.account->note_refusal(&refusal, nullptr);
  CHECK(desk.account->dead());
  CHECK(other.heard.empty());
  desk.world.turn();
  const Lines told{"key gone: AUTH_KEY_DUPLICATED: the key was used from two places at once"};
  CHECK(desk.user.heard == told);
  CHECK(other.heard == told);
}

TEST_CASE("Without a key there is none to lose", "[account]") {
  Desk desk;
  desk.home().go_down("the data centre's answer is forged", true);
  CHECK(desk.account->dead());
  CHECK(desk.user.heard == Lines{"0 failed"});
}
