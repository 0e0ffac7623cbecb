#include <catch2/catch.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "server/sandbox/state_json.hpp"
#include "tests/server/sandbox/fixture.hpp"

using namespace fixture;

namespace {

struct Desk {
  Fixture fixture;
  Client ada{fixture}, alan{fixture, 1}, elsewhere{fixture, 2, ada.address().key};
  std::string to_alan;

  Desk() {
    ada.sign_in("9996620001", "22222");
    alan.sign_in("9996610003", "11111");
    elsewhere.call("{'_cons':'updates.getState'}");
    to_alan = ada.peer("alan_turing");
  }
  std::string later(const std::string& text, std::int64_t seconds) const {
    return "{'_cons':'messages.sendMessage','peer':" + to_alan + ",'message':'" + text +
           "','schedule_date':" + std::to_string(fixture.world.date() + seconds) + "}";
  }
  std::string with_ids(const std::string& method, const std::string& ids) const {
    return "{'_cons':'messages." + method + "','peer':" + to_alan + ",'id':[" + ids + "]}";
  }
  Value waiting() {
    return ada.call("{'_cons':'messages.getScheduledHistory','hash':0,'peer':" + to_alan +
                    "}")["messages"];
  }
  std::string folder(int id, const std::string& title, const std::string& more) const {
    return "{'_cons':'messages.updateDialogFilter','id':" + std::to_string(id) +
           ",'filter':{'_cons':'dialogFilter','id':" + std::to_string(id) +
           ",'color':5,'title':{'_cons':'textWithEntities','text':'" + title +
           "','entities':[]},'pinned_peers':[],'include_peers':[" + more + "],'exclude_peers':[]}}";
  }
};

}  // namespace

TEST_CASE("a message that is sent later waits, and is sent at its time") {
  Desk d;
  const auto said = d.ada.call(d.later("good morning", 60));
  const auto& updates = said["updates"].items();
  REQUIRE(updates.size() == 2);
  CHECK(updates[0].constructor() == "updateMessageID");
  CHECK(updates[1].constructor() == "updateNewScheduledMessage");
  CHECK(number(updates[1]["message"]["id"]) == 1);
  CHECK(number(updates[1]["message"]["date"]) == d.fixture.world.date() + 60);
  CHECK(d.elsewhere.updates().back().constructor() == "updateNewScheduledMessage");
  CHECK(d.alan.updates().empty());
  CHECK(d.waiting().items().size() == 1);

  d.fixture.pass(std::chrono::seconds(59));
  CHECK(d.alan.updates().empty());
  d.fixture.pass(std::chrono::seconds(2));
  const auto heard = d.alan.updates();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0]["message"]["message"].text() == "good morning");
  CHECK(heard[0]["message"]["from_scheduled"].as_bool());
  CHECK(d.waiting().items().empty());
  const auto mine = d.ada.updates();
  REQUIRE(mine.size() == 2);
  CHECK(mine[0].constructor() == "updateNewMessage");
  CHECK(mine[1].constructor() == "updateDeleteScheduledMessages");
  CHECK(mine[1]["sent_messages"].items()[0].as_int64() == mine[0]["message"]["id"].as_int64());
}

TEST_CASE("what waits for oneself is outgoing until it is kept") {
  Desk d;
  const std::string self = "{'_cons':'inputPeerSelf'}";
  const auto due = std::to_string(d.fixture.world.date() + 60);
  const auto said = d.ada.call("{'_cons':'messages.sendMessage','peer':" + self +
                               ",'message':'remember','schedule_date':" + due + "}");
  CHECK(said["updates"].items()[1]["message"]["out"].as_bool());
  const auto waiting =
      d.ada.call("{'_cons':'messages.getScheduledHistory','hash':0,'peer':" + self + "}");
  CHECK(waiting["messages"].items()[0]["out"].as_bool());
  d.fixture.pass(std::chrono::seconds(61));
  const auto kept = d.ada.call("{'_cons':'messages.getHistory','limit':1,'peer':" + self + "}");
  CHECK(kept["messages"].items()[0]["message"].text() == "remember");
  CHECK_FALSE(kept["messages"].items()[0]["out"].as_bool());
}

TEST_CASE("what waits can be sent at once or be deleted") {
  Desk d;
  d.ada.call(d.later("one", 60));
  d.ada.call(d.later("two", 120));
  CHECK(d.waiting().items()[0]["message"].text() == "two");
  CHECK(d.ada.refused(d.with_ids("sendScheduledMessages", "7")) == "400 MESSAGE_ID_INVALID");
  CHECK(d.ada.refused(d.with_ids("sendScheduledMessages", "")) == "400 MESSAGE_IDS_EMPTY");
  CHECK(d.ada.refused(d.with_ids("sendScheduledMessages", "1")) == "");
  CHECK(d.alan.updates()[0]["message"]["message"].text() == "one");
  const auto left = d.ada.call(d.with_ids("getScheduledMessages", "1,2"))["messages"];
  REQUIRE(left.items().size() == 1);
  CHECK(number(left.items()[0]["id"]) == 2);
  CHECK(d.ada.refused(d.with_ids("deleteScheduledMessages", "2")) == "");
  CHECK(d.waiting().items().empty());
  d.fixture.pass(std::chrono::seconds(200));
  CHECK(d.alan.updates().empty());
}

TEST_CASE("what is due within ten seconds is sent at once") {
  Desk d;
  CHECK(d.ada.call(d.later("now", 10)).constructor() == "updateShortSentMessage");
  CHECK(d.alan.updates().size() == 1);
  CHECK(d.ada.call(d.later("later", 11)).constructor() == "updates");
  CHECK(d.alan.updates().empty());
}

TEST_CASE("a chat holds a hundred messages that wait, and none for longer than a year") {
  Desk d;
  CHECK(d.ada.refused(d.later("x", 400 * 86400)) == "400 SCHEDULE_DATE_TOO_LATE");
  const auto id = std::to_string(number(d.ada.send("{'_cons':'inputPeerSelf'}", "once")["id"]));
  for (int i = 0; i < 99; ++i) d.ada.call(d.later("x", 60 + i));
  const auto forward = [&](const std::string& ids, const std::string& random_ids) {
    return d.ada.refused(
        "{'_cons':'messages.forwardMessages','from_peer':{'_cons':'inputPeerSelf'},'to_peer':" +
        d.to_alan + ",'id':[" + ids + "],'random_id':[" + random_ids +
        "],'schedule_date':" + std::to_string(d.fixture.world.date() + 60) + "}");
  };
  CHECK(forward(id + "," + id, "5,6") == "400 SCHEDULE_TOO_MUCH");
  CHECK(d.waiting().items().size() == 99);
  CHECK(forward(id, "5") == "");
  CHECK(d.ada.refused(d.later("x", 60)) == "400 SCHEDULE_TOO_MUCH");
}

TEST_CASE("a chat's full information tells whether something waits there") {
  Desk d;
  const auto told = [&] {
    return d.ada
        .call("{'_cons':'users.getFullUser','id':" +
              Client::input("inputUser", d.ada
                                             .call("{'_cons':'contacts.resolveUsername',"
                                                   "'username':'alan_turing'}")["users"]
                                             .items()[0]) +
              "}")["full_user"]["has_scheduled"]
        .as_bool();
  };
  CHECK_FALSE(told());
  d.ada.call(d.later("x", 60));
  CHECK(told());
}

TEST_CASE("who may not write there any more loses what was to be said") {
  Desk d;
  const auto made =
      d.ada.call("{'_cons':'channels.createChannel','megagroup':true,'title':'Tea','about':''}");
  const auto& channel = made["chats"].items()[0];
  const auto named = [&](std::string_view kind) {
    return "{'_cons':'" + std::string(kind) +
           "','channel_id':" + std::to_string(number(channel["id"])) +
           ",'access_hash':" + std::to_string(number(channel["access_hash"])) + "}";
  };
  d.to_alan = named("inputPeerChannel");
  d.ada.call(d.later("one", 20));
  d.ada.call(d.later("two", 60));
  d.ada.updates();
  d.fixture.pass(std::chrono::seconds(21));
  const auto heard = d.ada.updates();
  REQUIRE(heard.size() == 3);  // and that she has read it
  CHECK(heard[1].constructor() == "updateNewChannelMessage");
  CHECK(heard[2]["sent_messages"].items().size() == 1);
  d.ada.call("{'_cons':'channels.deleteChannel','channel':" + named("inputChannel") + "}");
  d.ada.updates();
  d.fixture.pass(std::chrono::seconds(60));
  const auto last = d.ada.updates();
  REQUIRE(last.size() == 1);
  CHECK(last[0].constructor() == "updateDeleteScheduledMessages");
  CHECK(last[0]["sent_messages"].is_null());
}

TEST_CASE("what of scheduling is not played is refused, and bots may not do it") {
  Desk d;
  d.ada.call(d.later("x", 60));
  const auto date = std::to_string(d.fixture.world.date() + 60);
  CHECK(d.ada.refused("{'_cons':'messages.editMessage','id':1,'message':'y','schedule_date':" +
                      date + ",'peer':" + d.to_alan + "}") == "400 METHOD_NOT_PLAYED");
  CHECK(d.ada.refused("{'_cons':'messages.sendMessage','message':'y','schedule_date':2147483646,"
                      "'peer':" +
                      d.to_alan + "}") == "400 METHOD_NOT_PLAYED");
  CHECK(d.ada.refused("{'_cons':'messages.sendMessage','message':'y','schedule_repeat_period':60,"
                      "'schedule_date':" +
                      date + ",'peer':" + d.to_alan + "}") == "400 METHOD_NOT_PLAYED");
  Client bot(d.fixture);
  bot.call(
      "{'_cons':'auth.importBotAuthorization','flags':0,'api_id':1,'api_hash':'x',"
      "'bot_auth_token':'1000002:sandbox-buttonbot'}");
  d.to_alan = "{'_cons':'inputPeerSelf'}";
  CHECK(bot.refused(d.later("x", 60)) == "400 SCHEDULE_BOT_NOT_ALLOWED");
}

TEST_CASE("folders are kept in their order and told to the account's other sessions") {
  Desk d;
  CHECK(d.ada.refused(d.folder(1, "x", d.to_alan)) == "400 FILTER_ID_INVALID");
  CHECK(d.ada.refused(d.folder(2, "", d.to_alan)) == "400 FILTER_TITLE_EMPTY");
  CHECK(d.ada.refused(d.folder(2, "thirteen long", d.to_alan)) == "400 FILTER_TITLE_TOO_LONG");
  CHECK(d.ada.refused(d.folder(2, "x", "")) == "400 FILTER_INCLUDE_EMPTY");
  CHECK(d.ada.refused("{'_cons':'messages.updateDialogFilter','id':2}") == "400 FILTER_ID_INVALID");
  CHECK(d.ada.refused(d.folder(2, "Friends", d.to_alan)) == "");
  CHECK(d.ada.refused(d.folder(3, "Self", "{'_cons':'inputPeerSelf'}")) == "");
  const auto heard = d.elsewhere.updates();
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].constructor() == "updateDialogFilter");
  CHECK(heard[0]["filter"]["title"]["text"].text() == "Friends");
  CHECK(number(heard[0]["filter"]["color"]) == 5);
  CHECK(heard[0]["filter"]["include_peers"].items()[0].constructor() == "inputPeerUser");
  d.ada.call("{'_cons':'messages.updateDialogFiltersOrder','order':[3,2]}");
  const auto order = d.elsewhere.updates();
  REQUIRE(order.size() == 1);
  CHECK(json(order[0]["order"]) == "[0,3,2]");
  const auto ids = [&](Client& who) {
    std::vector<std::int64_t> out;
    const auto got = who.call("{'_cons':'messages.getDialogFilters'}");
    for (const auto& one : got["filters"].items()) out.push_back(number(one["id"]));
    return out;
  };
  CHECK(ids(d.ada) == std::vector<std::int64_t>{-1, 3, 2});
  d.ada.call("{'_cons':'messages.updateDialogFilter','id':3}");
  CHECK(ids(d.ada) == std::vector<std::int64_t>{-1, 2});
  for (int id = 10; id < 39; ++id) CHECK(d.ada.refused(d.folder(id, "x", d.to_alan)) == "");
  CHECK(d.ada.refused(d.folder(40, "x", d.to_alan)) == "400 DIALOG_FILTERS_TOO_MUCH");
  CHECK(d.ada.refused(d.folder(38, "y", d.to_alan)) == "");
}

TEST_CASE("what waits and the folders are kept in the state file") {
  Desk d;
  d.ada.call(d.later("tomorrow", 86400));
  d.ada.call(d.folder(2, "Friends", d.to_alan));
  const auto ask = [&](Client& who) {
    return json(who.call("{'_cons':'messages.getScheduledHistory','hash':0,'peer':" + d.to_alan +
                         "}")) +
           json(who.call("{'_cons':'messages.getDialogFilters'}"));
  };
  const auto before = ask(d.ada);
  const auto text = boost::json::serialize(world_to_json(d.fixture.world, {}));
  Fixture other;
  other.world.accounts = {};
  other.world.chats = {};
  other.world.boxes.clear();
  world_from_json(boost::json::parse(text), other.world);
  other.now = d.fixture.now;
  other.wall = d.fixture.wall;
  Client back(other, 2, d.ada.address().key);
  CHECK(ask(back) == before);
  other.pass(std::chrono::hours(23));
  back.call("{'_cons':'updates.getState'}");  // who is silent for an hour is told nothing
  back.updates();
  other.pass(std::chrono::minutes(59));
  CHECK(back.updates().empty());
  back.call("{'_cons':'updates.getState'}");
  other.pass(std::chrono::minutes(2));
  const auto told = back.updates();
  REQUIRE_FALSE(told.empty());
  CHECK(told.back().constructor() == "updateDeleteScheduledMessages");
}

TEST_CASE("a state file in which two messages wait as the same one is refused") {
  Desk d;
  d.ada.call(d.later("one", 60));
  auto state = world_to_json(d.fixture.world, {});
  auto& list = state.as_object().at("scheduled").as_array();
  list.push_back(boost::json::value(list[0]));
  World other(d.fixture.random);
  CHECK_THROWS_WITH(world_from_json(state, other), "a scheduled message has no id of its own");
}
