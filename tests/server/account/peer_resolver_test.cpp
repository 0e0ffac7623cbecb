#include "server/account/peer_resolver.hpp"

#include <catch2/catch.hpp>

#include "tests/server/account/account_fixture.hpp"

using namespace server::account;
using namespace support;

namespace {

constexpr std::uint32_t resolve_id = 0x725afbbc;

struct Guide {
  AccountWorld world;
  std::shared_ptr<Account> account = make_account(world);
  PeerResolver resolver;
  Lines heard;  // "1 known", "1 refused", "1 OutcomeUnknown"
  std::string refusal;

  std::optional<server::Failure> ask(std::uint64_t tag, std::string name, Account& of) {
    auto done = [this, tag](PeerResolver::Result result, mtproto::Time) {
      refusal = result.refusal;
      const std::string how = result.refusal.empty() ? "known" : "refused";
      heard.push_back(std::to_string(tag) + " " + (result.failure ? result.failure->error : how));
    };
    return resolver.resolve(of, std::move(name), tag, std::move(done), at(0));
  }
  void ask(std::uint64_t tag, std::string name) {
    REQUIRE_FALSE(ask(tag, std::move(name), *account));
  }
  ScriptedUpstream& home() { return world.upstream(0); }
  void answer(std::size_t n, tl::Bytes body) {
    home().answer(n, std::move(body));
    home().end_turn();
  }
  static tl::Bytes user(std::string id) {
    return encoded(*account_schema(),
                   R"({"_cons":"contacts.resolvedPeer","peer":{"_cons":"peerUser","user_id":)" +
                       id + R"(},"chats":[],"users":[{"_cons":"user","id":)" + id +
                       R"(,"access_hash":9}]})");
  }
};

}  // namespace

TEST_CASE("A name that Telegram resolves is known from then on", "[peer_resolver]") {
  Guide guide;
  guide.ask(1, "@Ada");
  REQUIRE(guide.home().sent.size() == 1);
  CHECK(guide.home().method(0) == resolve_id);
  CHECK(guide.home().sent[0].options.repeat == mtproto::Repeat::freely);
  guide.answer(0, Guide::user("7"));
  CHECK(guide.heard == Lines{"1 known"});
  REQUIRE(guide.account->names().find("ada"));
  CHECK(guide.account->names().find("ada")->id == 7);
}

TEST_CASE("Each of several names gets its own answer", "[peer_resolver]") {
  Guide guide;
  guide.ask(1, "ada");
  guide.ask(2, "eve");
  guide.answer(1, Guide::user("8"));
  CHECK(guide.heard == Lines{"2 known"});
  guide.answer(0, Guide::user("7"));
  CHECK(guide.account->names().find("eve")->id == 8);
  CHECK(guide.account->names().find("ada")->id == 7);
}

TEST_CASE("What Telegram refuses is passed on by its name", "[peer_resolver]") {
  Guide guide;
  guide.ask(1, "ada");
  guide.answer(0, error(420, "FLOOD_WAIT_5"));
  CHECK(guide.heard == Lines{"1 refused"});
  CHECK(guide.refusal == R"({"_cons":"rpc_error","error_code":420,"error_message":"FLOOD_WAIT_5",)"
                         R"("_name":"FLOOD_WAIT","_value":5})");
}

TEST_CASE("An answer that names nobody, or can't be read, is a name that nobody has",
          "[peer_resolver]") {
  Guide guide;
  guide.ask(1, "ada");
  guide.answer(0, encoded(*account_schema(), R"({"_cons":"contacts.resolvedPeer",)"
                                             R"("peer":{"_cons":"peerUser","user_id":7},)"
                                             R"("chats":[],"users":[]})"));
  CHECK(guide.refusal.find("USERNAME_NOT_OCCUPIED") != std::string::npos);
  guide.refusal.clear();
  guide.ask(2, "eve");
  guide.answer(1, word(0x12345678));
  CHECK(guide.refusal.find("USERNAME_NOT_OCCUPIED") != std::string::npos);
  CHECK_FALSE(guide.account->names().find("ada"));
}

TEST_CASE("A data centre that does not know us is told once and asked again, not twice",
          "[peer_resolver]") {
  Guide guide;
  guide.ask(1, "ada");
  CHECK(guide.home().prefixes.size() == 1);
  guide.answer(0, error(400, "CONNECTION_NOT_INITED"));
  CHECK(guide.heard.empty());
  REQUIRE(guide.home().sent.size() == 2);
  CHECK(std::ranges::equal(tl::ByteView(guide.home().sent[1].body),
                           tl::ByteView(guide.home().sent[0].body)));
  CHECK(guide.home().prefixes == std::vector<tl::Bytes>{word(1), word(1)});
  guide.answer(1, error(400, "CONNECTION_NOT_INITED"));
  CHECK(guide.home().sent.size() == 2);
  CHECK(guide.heard == Lines{"1 refused"});
}

TEST_CASE("After it was told who we are the name is resolved", "[peer_resolver]") {
  Guide guide;
  guide.ask(1, "ada");
  guide.answer(0, error(400, "CONNECTION_NOT_INITED"));
  guide.answer(1, Guide::user("7"));
  CHECK(guide.heard == Lines{"1 known"});
}

TEST_CASE("A question that was lost, or found no way, is a failure", "[peer_resolver]") {
  Guide guide;
  guide.ask(1, "ada");
  guide.ask(2, "eve");
  guide.home().user.on_lost(guide.home().sent[0].id);
  guide.home().go_down("no route");
  CHECK(guide.heard == Lines{"1 OutcomeUnknown", "2 ConnectionError"});
}

TEST_CASE("Where it can't be asked that is told at once, and done is not called",
          "[peer_resolver]") {
  Guide guide;
  guide.world.telegram->data_centres.erase(2);
  const auto failure = guide.ask(1, "ada", *guide.account);
  REQUIRE(failure);
  CHECK(failure->error == "ConnectionError");
  guide.world.turn();
  CHECK(guide.heard.empty());
}

TEST_CASE("A layer without the method is told of", "[peer_resolver]") {
  Guide guide;
  support::set_schema(*guide.account, small_schema("true#3fedd339 = True;\n"));
  const auto failure = guide.ask(1, "ada", *guide.account);
  REQUIRE(failure);
  CHECK(failure->error == "SchemeError");
}

TEST_CASE("A question that is given up is forgotten, and the others are not", "[peer_resolver]") {
  Guide guide;
  guide.ask(1, "ada");
  guide.ask(2, "eve");
  CHECK_FALSE(guide.resolver.cancel(1));
  CHECK_FALSE(guide.resolver.cancel(1));
  CHECK(guide.home().forgotten == std::vector{guide.home().sent[0].id});
  guide.answer(0, Guide::user("7"));
  guide.answer(1, Guide::user("8"));
  CHECK(guide.heard == Lines{"2 known"});
}

TEST_CASE("It is told whether a question that is given up was written and cut off",
          "[peer_resolver]") {
  Guide guide;
  guide.ask(1, "ada");
  guide.home().come_up();
  guide.home().go_down("reset");
  CHECK(guide.resolver.cancel(1));
}

TEST_CASE("Another account's question leaves those to the former behind", "[peer_resolver]") {
  Guide guide;
  const auto other = make_account(guide.world);
  guide.ask(1, "ada");
  REQUIRE_FALSE(guide.ask(2, "eve", *other));
  guide.answer(0, Guide::user("7"));
  CHECK(guide.heard.empty());
  guide.world.upstream(1).answer(0, Guide::user("8"));
  guide.world.upstream(1).end_turn();
  CHECK(guide.heard == Lines{"2 known"});
}

TEST_CASE("All questions can be given up at once", "[peer_resolver]") {
  Guide guide;
  guide.ask(1, "ada");
  guide.ask(2, "eve");
  guide.home().answer(0, Guide::user("7"));
  guide.resolver.cancel_all();
  guide.answer(1, Guide::user("8"));
  CHECK(guide.heard.empty());
}
