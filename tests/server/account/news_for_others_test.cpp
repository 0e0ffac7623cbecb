#include "server/account/news_for_others.hpp"

#include <catch2/catch.hpp>

#include "server/account/answer_decoder.hpp"
#include "tests/server/account/account_fixture.hpp"

using namespace server::account;
using namespace support;

namespace {

const SchemaPtr& whole_schema() {
  static const auto schema = parse_schema(
      {{"api.tl", read_file(api_tl_file())}, {"mtproto.tl", read_file(mtproto_tl_file())}});
  return schema;
}

constexpr auto added =
    R"({"_cons":"updates","updates":[{"_cons":"updateNewMessage","message":{"_cons":"messageEmpty",)"
    R"("id":3},"pts":6,"pts_count":1}],"users":[],"chats":[],"date":9,"seq":0})";

tl::Bytes bytes(const std::string& json) { return encoded(*whole_schema(), json); }

std::string text(const tl::Slice& body) {
  std::string out;
  tl::decode_text(*whole_schema(), tl::any_object, body, tl::Notation::classic, out);
  return out;
}

// As JSON.
std::vector<std::string> news_of(const tl::Bytes& answer, const std::string& query = "") {
  std::vector<std::string> out;
  const auto request = query.empty() ? word(1) : bytes(query);
  for (const auto& one : news_for_others(*whole_schema(), answer, request))
    out.push_back(text(one));
  return out;
}
std::vector<std::string> news_of(const std::string& answer, const std::string& query = "") {
  return news_of(bytes(answer), query);
}

const std::string in_channel = R"({"_cons":"inputChannel","channel_id":3002,"access_hash":5})";

const std::string invite = R"({"_cons":"messages.addChatUser","chat_id":2001,)"
                           R"("user_id":{"_cons":"inputUserSelf"},"fwd_limit":0})";
const std::string invited = R"({"_cons":"messages.invitedUsers","updates":)" + std::string(added) +
                            R"(,"missing_invitees":[]})";
const std::string deletion =
    R"({"_cons":"channels.deleteMessages","channel":)" + in_channel + R"(,"id":[1]})";
const std::string affected = R"({"_cons":"messages.affectedMessages","pts":8,"pts_count":1})";

// Two clients of one account: one is answered, the other hears what is told raw, or recovers.
struct Two {
  AccountWorld world;
  Listener asker, other;
  std::shared_ptr<Account> account;
  std::vector<std::string> told;

  explicit Two(bool recovers) {
    account =
        std::make_shared<Account>(world.services, support::shared(world.settings(whole_schema())),
                                  Authorization{session_of(1, 11), {}, {}, {}});
    account->join(asker);
    account->join(other, recovers ? R"({"pts":5,"qts":0,"date":1,"seq":0,"update_seq":0})" : "");
    account->want_updates(other, true);
    account->open();
    home().come_up();
    if (recovers) {
      account->recover_updates(other, true, at(0));
      home().answer(0, bytes(R"({"_cons":"updates.differenceEmpty","date":1,"seq":0})"));
      home().end_turn();
    }
    other.pushed_too = [this](const tl::Slice& body) { told.push_back(text(body)); };
    other.heard.clear();
  }
  ScriptedUpstream& home() { return world.upstream(0); }
  void answered(const std::string& answer, const std::string& query) {
    account->answered(asker, bytes(answer), nullptr, nullptr, bytes(query), at(0));
  }
};

}  // namespace

TEST_CASE("An answer that is Updates is told as it is", "[news_for_others]") {
  CHECK(news_of(added) == Lines{added});
}

TEST_CASE("Updates inside another answer are told without what is around them",
          "[news_for_others]") {
  CHECK(news_of(invited) == Lines{added});
  for (const auto* name : {"messages.chatInviteJoinResultOk", "payments.paymentResult"}) {
    INFO(name);
    CHECK(news_of(R"({"_cons":")" + std::string(name) + R"(","updates":)" + added + "}") ==
          Lines{added});
  }
}

TEST_CASE("A counter of a channel that moved is told as that channel's", "[news_for_others]") {
  const auto news = news_of(affected, deletion);
  REQUIRE(news.size() == 1);
  CHECK(news[0].find(R"({"_cons":"updateChannelTooLong","channel_id":3002,"pts":8})") !=
        std::string::npos);
  CHECK(news_of(R"({"_cons":"messages.affectedMessages","pts":8,"pts_count":0})", deletion) ==
        Lines{});
}

TEST_CASE("A counter of the account that moved is told as it is", "[news_for_others]") {
  CHECK(news_of(affected) == Lines{affected});
}

TEST_CASE("An answer that tells nothing of updates is nothing to the others", "[news_for_others]") {
  CHECK(news_of(R"({"_cons":"boolTrue"})") == Lines{});
  CHECK(news_of(R"({"_cons":"updates.state","pts":9,"qts":0,"date":1,"seq":0,"unread_count":0})") ==
        Lines{});
  CHECK(news_of(word(0x12345678)) == Lines{});
}

TEST_CASE("What can't be read, or is too large to be, leaves the difference to be asked for",
          "[news_for_others]") {
  const Lines ask{R"({"_cons":"updatesTooLong"})"};
  auto cut = bytes(invited);
  cut.resize(cut.size() - 8);
  CHECK(news_of(cut) == ask);
  auto large = bytes(invited);
  large.resize(AnswerDecoder::apart_above + 4);
  CHECK(news_of(large) == ask);
}

TEST_CASE("Another client hears what a wrapped answer tells", "[news_for_others]") {
  Two raw(false);
  raw.answered(invited, invite);
  CHECK(raw.told == std::vector<std::string>{added});
  CHECK(raw.asker.heard.empty());
  Two careful(true);
  careful.answered(invited, invite);
  CHECK(careful.other.heard == Lines{"update 1"});
  CHECK(careful.home().sent.size() == 1);
}

TEST_CASE("Another client asks for what a deletion in a channel did", "[news_for_others]") {
  Two raw(false);
  raw.answered(affected, deletion);
  REQUIRE(raw.told.size() == 1);
  CHECK(raw.told[0].find("updateChannelTooLong") != std::string::npos);
  // Not known to it yet: it is told.
  Two careful(true);
  careful.answered(affected, deletion);
  CHECK(careful.other.heard == Lines{"update 1"});
}

TEST_CASE("Another client asks for the difference where the account's counter moved",
          "[news_for_others]") {
  const auto read =
      R"({"_cons":"messages.readHistory","peer":{"_cons":"inputPeerSelf"},"max_id":9})";
  Two careful(true);
  careful.answered(affected, read);
  CHECK(careful.home().sent.size() == 2);
  Two raw(false);
  raw.answered(affected, read);
  CHECK(raw.told == std::vector<std::string>{R"({"_cons":"updatesTooLong"})"});
}
