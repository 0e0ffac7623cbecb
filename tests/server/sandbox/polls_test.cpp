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
  tl::Bytes download(const Value& document) {
    const tl::Builder make(ada.arena());
    const auto file = ada.call(make.object(
        "upload.getFile", {{"location", make.object("inputDocumentFileLocation",
                                                    {{"id", document["id"]},
                                                     {"access_hash", document["access_hash"]},
                                                     {"file_reference", document["file_reference"]},
                                                     {"thumb_size", Value::string("")}})},
                           {"offset", Value::integer(0)},
                           {"limit", Value::integer(4096)}}));
    const auto bytes = file["bytes"].as_bytes();
    return {bytes.begin(), bytes.end()};
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
  const auto bytes = p.download(documents[0]);
  CHECK(bytes.size() == static_cast<std::size_t>(number(documents[0]["size"])));
  CHECK(tl::as_text(tl::ByteView(bytes).first(4)) == "RIFF");
  CHECK(p.ada.refused("{'_cons':'messages.getStickerSet','hash':0,'stickerset':"
                      "{'_cons':'inputStickerSetShortName','short_name':'none'}}") ==
        "400 STICKERSET_INVALID");
}

TEST_CASE("a reaction has a picture for an icon and animations that can be downloaded") {
  Pair p;
  const auto listed = p.ada.call("{'_cons':'messages.getAvailableReactions','hash':0}");
  const auto& reactions = listed["reactions"].items();
  REQUIRE(reactions.size() == std::size(faces));
  for (const auto& one : reactions) {
    CHECK(one["static_icon"]["mime_type"].text() == "image/webp");
    for (const auto* shown :
         {"appear_animation", "select_animation", "activate_animation", "effect_animation"}) {
      CHECK(one[shown]["mime_type"].text() == "application/x-tgsticker");
    }
  }
  const auto& moving = reactions[0]["select_animation"];
  const auto bytes = p.download(moving);
  CHECK(bytes.size() == static_cast<std::size_t>(number(moving["size"])));
  const tl::Bytes gzip_begin{0x1f, 0x8b};
  REQUIRE(bytes.size() > gzip_begin.size());
  CHECK(std::equal(gzip_begin.begin(), gzip_begin.end(), bytes.begin()));
  // What reactions look like is no set of stickers to choose from.
  CHECK(p.ada.call("{'_cons':'messages.getStickers','emoticon':'👍','hash':0}")["stickers"]
            .items()
            .size() == 1);
}

// As TDLib 1.8.65 counts them, and complains of others.
TEST_CASE("lists of stickers and reactions have the hashes that clients count") {
  Pair p;
  CHECK(number(p.ada.call("{'_cons':'messages.getAllStickers','hash':0}")["hash"]) == 7001);
  CHECK(number(p.ada.call("{'_cons':'messages.getTopReactions','limit':20,'hash':0}")["hash"]) ==
        372215552523711083);
}

TEST_CASE("a state file of before there were animations shows the stickers in their place") {
  Pair p;
  std::erase_if(p.fixture.world.sticker_sets, [](const StickerSet& set) { return set.reactions; });
  const auto listed = p.ada.call("{'_cons':'messages.getAvailableReactions','hash':0}");
  const auto& reactions = listed["reactions"].items();
  REQUIRE(reactions.size() == std::size(faces));
  CHECK(reactions[0]["select_animation"]["mime_type"].text() == "image/webp");
}
