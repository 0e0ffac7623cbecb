#include "server/account/sent_messages.hpp"

#include <catch2/catch.hpp>

#include "tests/server/account/account_fixture.hpp"

using namespace server::account;
using namespace support;

namespace {

const SchemaPtr& messages_schema() {
  static const auto schema = parse_schema(
      {{"api.tl", read_file(api_tl_file())}, {"mtproto.tl", read_file(mtproto_tl_file())}});
  return schema;
}

constexpr auto sent =
    R"({"_cons":"updateShortSentMessage","out":true,"id":12,"pts":20,"pts_count":1,"date":9})";
constexpr auto found =
    R"({"_cons":"messages.messages","messages":[{"_cons":"message","id":12,"out":true,"peer_id":)"
    R"({"_cons":"peerUser","user_id":5},"date":9,"message":"hello"}],"topics":[],"chats":[],"users":[]})";

// Two clients of one account; one has just sent a message.
struct Pair {
  AccountWorld world;
  Listener sender, other;
  std::shared_ptr<Account> account;
  std::vector<std::string> told;  // to the other, as JSON

  Pair() {
    account = std::make_shared<Account>(world.services,
                                        support::shared(world.settings(messages_schema())),
                                        Authorization{session_of(1, 11), {}, {}, {}});
    account->join(sender);
    account->join(other);
    account->want_updates(other, true);
    account->open();
    home().come_up();
    other.pushed_too = [this](const tl::Slice& body) {
      std::string text;
      tl::decode_text(*messages_schema(), tl::any_object, body, tl::Notation::classic, text);
      told.push_back(std::move(text));
    };
  }
  ScriptedUpstream& home() { return world.upstream(0); }
  void send() {
    account->answered(sender, encoded(*messages_schema(), sent), nullptr, nullptr, word(1), at(0));
  }
  void answer(tl::Bytes body) {
    home().answer(home().sent.size() - 1, std::move(body));
    home().end_turn();
  }
};

}  // namespace

TEST_CASE("What one client sent the others hear as a new message", "[sent_messages]") {
  Pair pair;
  pair.send();
  REQUIRE(pair.home().sent.size() == 1);
  CHECK(pair.told.empty());
  pair.answer(encoded(*messages_schema(), found));
  REQUIRE(pair.told.size() == 1);
  CHECK(pair.told[0].find(R"("_cons":"updateNewMessage","message":{"_cons":"message",)") !=
        std::string::npos);
  CHECK(pair.told[0].find(R"("message":"hello"},"pts":20,"pts_count":1}])") != std::string::npos);
}

TEST_CASE("Where the message can't be had, the others hear that there is something new",
          "[sent_messages]") {
  Pair pair;
  pair.send();
  SECTION("refused") { pair.answer(error(400, "MSG_ID_INVALID")); }
  SECTION("gone already") {
    pair.answer(encoded(*messages_schema(),
                        R"({"_cons":"messages.messages","messages":[{"_cons":"messageEmpty",)"
                        R"("id":12}],"topics":[],"chats":[],"users":[]})"));
  }
  SECTION("no connection") { pair.home().go_down("the key is unknown", true); }
  CHECK(pair.told == std::vector<std::string>{R"({"_cons":"updatesTooLong"})"});
}

TEST_CASE("Nothing is asked for clients that want no updates", "[sent_messages]") {
  Pair pair;
  pair.account->want_updates(pair.other, false);
  pair.send();
  CHECK(pair.home().sent.empty());
}

TEST_CASE("An account that closes while it asks is told nothing more", "[sent_messages]") {
  Pair pair;
  pair.send();
  pair.account->leave(pair.other);
  pair.answer(encoded(*messages_schema(), found));
  pair.send();
  pair.account.reset();
  CHECK(pair.told.empty());
}
