#include <catch2/catch.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "server/sandbox/state_json.hpp"
#include "server/sandbox/world/stickers.hpp"
#include "tests/server/sandbox/fixture.hpp"

using namespace fixture;

namespace {

struct Pair {
  Fixture fixture;
  Client ada{fixture}, alan{fixture, 1};
  std::string to_alan, to_ada;

  Pair() {
    ada.sign_in("9996620001", "22222");
    alan.sign_in("9996610003", "11111");
    to_alan = ada.peer("alan_turing");
    to_ada = alan.peer("ada_lovelace");
  }
  std::string media(const std::string& media) const {
    return "{'_cons':'messages.sendMedia','peer':" + to_alan + ",'message':'','media':" + media +
           "}";
  }
  std::string poll(const std::string& more = "", const std::string& beside = "") const {
    const auto answer = [](const char* text, const char* option) {
      return "{'_cons':'pollAnswer','text':{'_cons':'textWithEntities','text':'" +
             std::string(text) + "','entities':[]},'option':'" + option + "'}";
    };
    return media(
        "{'_cons':'inputMediaPoll','poll':{'_cons':'poll','id':0,'hash':0" + more +
        ",'question':{'_cons':'textWithEntities','text':'Tea?','entities':[]},'answers':[" +
        answer("Yes", "MA==") + "," + answer("Of course", "MQ==") + "]}" + beside + "}");
  }
  static std::string vote(const std::string& peer, const Value& message,
                          const std::string& options) {
    return "{'_cons':'messages.sendVote','peer':" + peer +
           ",'msg_id':" + std::to_string(number(message["id"])) + ",'options':[" + options + "]}";
  }
};

Value message_in(const Value& updates) {
  for (const auto& update : updates["updates"].items()) {
    if (update["message"].is_object()) return update["message"];
  }
  return {};
}

}  // namespace

TEST_CASE("a poll counts one vote of each and shows the counts to those who voted") {
  Pair p;
  const auto mine = message_in(p.ada.call(p.poll()));
  REQUIRE(mine["media"].constructor() == "messageMediaPoll");
  const auto theirs = p.alan.updates().back()["message"];
  CHECK(theirs["media"]["poll"]["question"]["text"].text() == "Tea?");
  CHECK(theirs["media"]["results"]["results"].is_null());

  CHECK(p.alan.refused(Pair::vote(p.to_ada, theirs, "'Mg=='")) == "400 OPTION_INVALID");
  CHECK(p.alan.refused(Pair::vote(p.to_ada, theirs, "'MA==','MQ=='")) == "400 OPTIONS_TOO_MUCH");
  const auto voted = p.alan.call(Pair::vote(p.to_ada, theirs, "'MQ=='"));
  const auto& results = voted["updates"].items()[0]["results"];
  REQUIRE(results["results"].items().size() == 2);
  CHECK(number(results["results"].items()[1]["voters"]) == 1);
  CHECK(results["results"].items()[1]["chosen"].as_bool());
  const auto heard = p.ada.updates();
  REQUIRE(heard.back().constructor() == "updateMessagePoll");
  CHECK(number(heard.back()["results"]["total_voters"]) == 1);
  CHECK(heard.back()["results"]["results"].is_null());

  CHECK(p.alan.refused(Pair::vote(p.to_ada, theirs, "'MA=='")) == "");
  CHECK(p.alan.refused(Pair::vote(p.to_ada, theirs, "")) == "");
  CHECK(p.alan.refused(Pair::vote(p.to_ada, theirs, "")) == "400 OPTION_INVALID");
}

TEST_CASE("a closed poll takes no votes and shows its counts to everybody") {
  Pair p;
  const auto mine = message_in(p.ada.call(p.poll()));
  const auto theirs = p.alan.updates().back()["message"];
  p.alan.call(Pair::vote(p.to_ada, theirs, "'MA=='"));
  const auto id = std::to_string(mine["media"]["poll"]["id"].as_int64().value());
  const auto close = "{'_cons':'messages.editMessage','peer':" + p.to_alan +
                     ",'id':" + std::to_string(number(mine["id"])) +
                     ",'media':{'_cons':'inputMediaPoll','poll':{'_cons':'poll','id':" + id +
                     ",'closed':true,'hash':0,'question':{'_cons':'textWithEntities','text':'',"
                     "'entities':[]},'answers':[]}}}";
  const auto closed = message_in(p.ada.call(close))["media"];
  CHECK(closed["poll"]["closed"].as_bool());
  CHECK(number(closed["results"]["results"].items()[0]["voters"]) == 1);
  CHECK(p.ada.refused(Pair::vote(p.to_alan, mine, "'MA=='")) == "400 MESSAGE_POLL_CLOSED");
}

TEST_CASE("a poll that is to be open for a time closes after it") {
  Pair p;
  const auto mine = message_in(p.ada.call(p.poll(",'close_period':60")));
  p.fixture.pass(std::chrono::seconds(61));
  CHECK(p.ada.refused(Pair::vote(p.to_alan, mine, "'MA=='")) == "400 MESSAGE_POLL_CLOSED");
}

TEST_CASE("a quiz has one right answer, told to who has tried, once") {
  Pair p;
  CHECK(p.ada.refused(p.poll(",'quiz':true")) == "400 QUIZ_CORRECT_ANSWERS_EMPTY");
  p.ada.call(p.poll(",'quiz':true",
                    ",'correct_answers':[1],'solution':'Always.',"
                    "'solution_entities':[]"));
  const auto theirs = p.alan.updates().back()["message"];
  const auto voted = p.alan.call(Pair::vote(p.to_ada, theirs, "'MA=='"));
  const auto& results = voted["updates"].items()[0]["results"];
  CHECK(results["results"].items()[1]["correct"].as_bool());
  CHECK(results["solution"].text() == "Always.");
  CHECK(p.alan.refused(Pair::vote(p.to_ada, theirs, "'MQ=='")) == "400 REVOTE_NOT_ALLOWED");
}

TEST_CASE("dice fall to one of their values, the same for both sides") {
  Pair p;
  const auto roll = [&](const char* emoticon) {
    return p.media("{'_cons':'inputMediaDice','emoticon':'" + std::string(emoticon) + "'}");
  };
  std::set<std::int64_t> seen;
  for (int i = 0; i < 40; ++i) {
    const auto mine = number(message_in(p.ada.call(roll("🎲")))["media"]["value"]);
    CHECK(number(p.alan.updates().back()["message"]["media"]["value"]) == mine);
    CHECK((mine >= 1 && mine <= 6));
    seen.insert(mine);
  }
  CHECK(seen.size() > 3);
  CHECK(p.ada.refused(roll("🫖")) == "400 EMOTICON_INVALID");
}

TEST_CASE("polls, dice and buttons are kept in the state file") {
  Pair p;
  p.ada.call(p.poll(",'public_voters':true"));
  const auto theirs = p.alan.updates().back()["message"];
  p.alan.call(Pair::vote(p.to_ada, theirs, "'MA=='"));
  p.ada.call(p.media("{'_cons':'inputMediaDice','emoticon':'🎯'}"));
  p.ada.send(p.ada.peer("buttonbot"), "/start");
  p.fixture.pass(std::chrono::seconds(2));
  const auto ask = [&](Client& who) {
    return json(who.call("{'_cons':'messages.getHistory','peer':" + p.to_alan + "}")) +
           json(who.call("{'_cons':'messages.getHistory','peer':" + who.peer("buttonbot") + "}")) +
           json(who.call("{'_cons':'messages.getAllStickers','hash':0}"));
  };
  const auto before = ask(p.ada);
  CHECK(before.find("keyboardButtonUrl") != std::string::npos);
  const auto text = boost::json::serialize(world_to_json(p.fixture.world, {}));
  Fixture other;
  other.world.accounts = {};
  other.world.chats = {};
  other.world.files = {};
  other.world.boxes.clear();
  world_from_json(boost::json::parse(text), other.world);
  other.now = p.fixture.now;
  other.wall = p.fixture.wall;
  Client back(other, 2, p.ada.address().key);
  CHECK(ask(back) == before);
}

TEST_CASE("there is a set of stickers, which can be had by its name and downloaded") {
  Pair p;
  const auto all = p.ada.call("{'_cons':'messages.getAllStickers','hash':0}");
  REQUIRE(all["sets"].items().size() == 1);
  const auto set = p.ada.call(
      "{'_cons':'messages.getStickerSet','hash':0,'stickerset':{'_cons':'inputStickerSetShortName',"
      "'short_name':'sandbox_faces'}}");
  const auto& documents = set["documents"].items();
  CHECK(documents.size() == std::size(faces));
  CHECK(set["packs"].items()[0]["emoticon"].text() == "👍");
  const tl::Builder make(p.ada.arena());
  const auto file = p.ada.call(
      make.object("upload.getFile",
                  {{"location", make.object("inputDocumentFileLocation",
                                            {{"id", documents[0]["id"]},
                                             {"access_hash", documents[0]["access_hash"]},
                                             {"file_reference", documents[0]["file_reference"]},
                                             {"thumb_size", Value::string("")}})},
                   {"offset", Value::integer(0)},
                   {"limit", Value::integer(4096)}}));
  const auto bytes = file["bytes"].as_bytes();
  CHECK(bytes.size() == static_cast<std::size_t>(number(documents[0]["size"])));
  CHECK(tl::as_text(bytes.first(4)) == "RIFF");
  CHECK(p.ada.refused("{'_cons':'messages.getStickerSet','hash':0,'stickerset':"
                      "{'_cons':'inputStickerSetShortName','short_name':'none'}}") ==
        "400 STICKERSET_INVALID");
  const auto reactions = p.ada.call("{'_cons':'messages.getAvailableReactions','hash':0}");
  CHECK(reactions["reactions"].items().size() == std::size(faces));
}
