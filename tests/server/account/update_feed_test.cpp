#include "server/account/update_feed.hpp"

#include <catch2/catch.hpp>

#include "tests/server/account/account_fixture.hpp"

using namespace server::account;
using namespace support;

namespace {

constexpr std::uint32_t get_state = 0xedd4882a, get_difference = 0x19c2f763;
const std::string known = R"({"pts":5,"qts":0,"date":1,"seq":1,"update_seq":0})";

// A feed of its own over an account's calls.
struct Newsroom final : UpdateListener {
  AccountWorld world;
  std::shared_ptr<Account> account = make_account(world);
  std::shared_ptr<UpdateFeed> feed;
  Lines heard;  // "1 update", "2 box": by the first constructor inside
  std::function<void()> then;
  std::size_t due = 0;

  explicit Newsroom(const std::string& text = {}) : connections(account->connections()) {
    feed = std::make_shared<UpdateFeed>(world.services, const_cast<DcConnections&>(connections),
                                        account->calls(), *this, text);
    account->open();
  }
  ScriptedUpstream& home() { return world.upstream(0); }
  void push(tl::Bytes body) { feed->pushed(std::move(body), at(0)); }
  void answer(std::size_t n, std::string_view json) {
    home().answer(n, encoded(*account_schema(), json));
    home().end_turn();
  }
  void on_update(std::int64_t seq, tl::ByteView body, mtproto::Time) override {
    heard.push_back(std::to_string(seq) + " " + std::to_string(body.size()));
    if (then) then();
  }
  void on_feed_due() override { ++due; }

  const DcConnections& connections;
};

tl::Bytes small(int n = 1) {
  return encoded(*account_schema(), R"({"_cons":"updateShort","update":{"_cons":"update","n":)" +
                                        std::to_string(n) + R"(},"date":1})");
}
// The next after `known`.
tl::Bytes message(std::size_t size, int pts = 6) {
  return encoded(
      *account_schema(),
      R"({"_cons":"updates","updates":[{"_cons":"updateNewMessage","message":{"_cons":"message",)"
      R"("id":1,"message":")" +
          std::string(size, 'x') + R"("},"pts":)" + std::to_string(pts) +
          R"(,"pts_count":1}],"users":[],"chats":[],"date":0,"seq":0})");
}
constexpr auto large = AnswerDecoder::apart_above;
constexpr auto state_answer =
    R"({"_cons":"updates.state","pts":5,"qts":0,"date":1,"seq":1,"unread_count":0})";
constexpr auto nothing_new = R"({"_cons":"updates.differenceEmpty","date":1,"seq":1})";

std::string line(std::int64_t seq, const tl::Bytes& body) {
  return std::to_string(seq) + " " + std::to_string(body.size());
}

}  // namespace

TEST_CASE("The feed takes objects of type Updates and nothing else", "[update_feed]") {
  Newsroom room;
  CHECK(room.feed->takes(small()));
  CHECK_FALSE(room.feed->takes(encoded(*account_schema(), R"({"_cons":"boolTrue"})")));
  CHECK_FALSE(room.feed->takes(word(0x12345678)));
}

TEST_CASE("Updates are told once and numbered", "[update_feed]") {
  Newsroom room(known);
  room.push(message(10));
  room.push(message(10));
  room.push(small());
  CHECK(room.heard == Lines{line(1, message(10)), line(2, small())});
  CHECK(room.feed->text() == R"({"pts":6,"qts":0,"date":1,"seq":1,"update_seq":2})");
}

TEST_CASE("What comes while a large one is decoded apart is told behind it", "[update_feed]") {
  Newsroom room(known);
  room.push(small());
  room.push(message(large));
  room.push(message(10, 7));
  room.push(message(large, 8));
  room.push(small());
  CHECK(room.heard == Lines{line(1, small())});
  for (int i = 0; i < 2; ++i) room.world.turn();
  CHECK(room.heard == Lines{line(1, small()), line(2, message(large)), line(3, message(10)),
                            line(4, message(large)), line(5, small())});
  CHECK(room.feed->text() == R"({"pts":8,"qts":0,"date":1,"seq":1,"update_seq":5})");
}

TEST_CASE("A feed that ends while something is decoded tells nothing of it", "[update_feed]") {
  Newsroom room(known);
  room.push(message(large));
  room.push(small());
  room.feed.reset();
  room.world.turn();
  CHECK(room.heard.empty());
}

TEST_CASE("Stopped from inside of what it tells, the feed tells nothing more", "[update_feed]") {
  Newsroom room(known);
  room.feed->connected(at(0));
  room.answer(0, nothing_new);
  room.then = [&] {
    room.due = 0;
    room.feed->stop();
  };
  room.push(small());
  CHECK(room.due == 0);
  room.push(small());
  CHECK(room.heard == Lines{line(1, small())});
}

TEST_CASE("Stopped from inside of a large one, what waited behind it is not told",
          "[update_feed]") {
  Newsroom room(known);
  room.push(message(large));
  room.push(small());
  room.then = [&] {
    room.feed->stop();
    room.feed.reset();
  };
  room.world.turn();
  CHECK(room.heard == Lines{line(1, message(large))});
}

TEST_CASE("The account can go from inside of a large update", "[update_feed]") {
  AccountWorld world;
  Listener user;
  auto account = std::make_shared<Account>(world.services, support::shared(world.settings()),
                                           Authorization{session_of(1, 11), {}, known, {}});
  account->join(user);
  account->recover_updates(true, at(0));
  auto& home = world.upstream(0);
  home.answer(0, encoded(*account_schema(), nothing_new));
  home.end_turn();
  user.then = [&](const std::string&) { account.reset(); };
  user.due = 0;
  home.user.on_pushed(message(large));
  home.user.on_pushed(small());
  home.end_turn();
  world.turn();
  CHECK(user.heard == Lines{"update 1"});
  CHECK(user.due == 0);
  CHECK(home.closed);
}

TEST_CASE("A feed that knows nothing asks where it is, and one that does what is new",
          "[update_feed]") {
  Newsroom room, old(known);
  room.feed->connected(at(0));
  REQUIRE(room.home().sent.size() == 1);
  CHECK(room.home().method(0) == get_state);
  CHECK(room.home().sent[0].options.repeat == mtproto::Repeat::freely);
  room.answer(0, state_answer);
  CHECK(room.feed->text() == known);
  old.feed->connected(at(0));
  CHECK(old.home().method(0) == get_difference);
}

TEST_CASE("While it asks what is new, what is pushed waits", "[update_feed]") {
  Newsroom room(known);
  room.feed->connected(at(0));
  room.push(message(10));
  CHECK(room.heard.empty());
  room.answer(0, nothing_new);
  CHECK(room.heard.size() == 1);
}

TEST_CASE("A data centre that does not know us is told, and asked again after a pause",
          "[update_feed]") {
  Newsroom room(known);
  room.feed->connected(at(0));
  CHECK(room.home().prefixes.size() == 1);
  room.home().answer(0, error(400, "CONNECTION_NOT_INITED"));
  room.home().end_turn();
  CHECK(room.home().prefixes.size() == 2);
  REQUIRE(room.feed->deadline());
  room.feed->tick(*room.feed->deadline());
  REQUIRE(room.home().sent.size() == 2);
  CHECK(room.home().method(1) == get_difference);
}

TEST_CASE("A question that was lost is asked again after a pause", "[update_feed]") {
  Newsroom room(known);
  room.feed->connected(at(0));
  room.home().user.on_lost(room.home().sent[0].id);
  room.home().end_turn();
  CHECK(room.due > 0);
  CHECK(room.home().sent.size() == 1);
  room.feed->tick(*room.feed->deadline());
  CHECK(room.home().sent.size() == 2);
}

TEST_CASE("An answer that does not come is forgotten and asked for again", "[update_feed]") {
  Newsroom room(known);
  room.feed->connected(at(0));
  room.feed->tick(*room.feed->deadline());
  CHECK(room.home().forgotten == std::vector{room.home().sent[0].id});
  room.feed->tick(*room.feed->deadline());
  CHECK(room.home().sent.size() == 2);
}

TEST_CASE("A feed that ends forgets what it asked", "[update_feed]") {
  Newsroom room(known);
  room.feed->connected(at(0));
  room.feed.reset();
  CHECK(room.home().forgotten.size() == 1);
  CHECK(room.account->calls().size() == 0);
}

TEST_CASE("After a sign-out nothing is asked, after a sign-in where it is", "[update_feed]") {
  Newsroom room(known);
  room.feed->connected(at(0));
  room.feed->client_answered(encoded(*account_schema(), R"({"_cons":"boolTrue"})"),
                             account_schema()->function_by_name("auth.logOut"), word(1), at(0));
  CHECK(room.home().forgotten.size() == 1);
  CHECK_FALSE(room.feed->deadline());
  const auto authorization = encoded(
      *account_schema(), R"({"_cons":"auth.authorization","user":{"_cons":"user","id":7}})");
  room.feed->client_answered(authorization, nullptr, word(1), at(0));
  REQUIRE(room.home().sent.size() == 2);
  CHECK(room.home().method(1) == get_state);
}

TEST_CASE("What a client was answered itself is not told again", "[update_feed]") {
  Newsroom room(known);
  room.feed->client_answered(message(10), nullptr, word(1), at(0));
  room.push(message(10));
  CHECK(room.heard.empty());
  CHECK(room.feed->text() == R"({"pts":6,"qts":0,"date":1,"seq":1,"update_seq":0})");
}
