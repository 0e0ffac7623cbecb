#include <catch2/catch.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "server/sandbox/state_json.hpp"
#include "tests/server/sandbox/fixture.hpp"
#include "tests/support/hex.hpp"

using namespace fixture;

namespace {

// Ada's supergroup, or her channel, with a public name that Alan and Ann know.
struct Room {
  Fixture fixture;
  Client ada{fixture}, alan{fixture, 1}, ann{fixture};
  std::int64_t id = 0;

  explicit Room(bool broadcast = false) {
    ada.sign_in("9996620001", "22222");
    alan.sign_in("9996610003", "11111");
    ann.sign_up("9996620050", "Ann");
    ann.call("{'_cons':'account.updateUsername','username':'ann_smith'}");
    const auto made = ada.call("{'_cons':'channels.createChannel','" +
                               std::string(broadcast ? "broadcast" : "megagroup") +
                               "':true,'title':'Tea','about':'at five'}");
    const auto channel = made["chats"].items()[0];
    id = number(channel["id"]);
    ada.call("{'_cons':'channels.updateUsername','username':'tea_room','channel':" +
             named("inputChannel", channel) + "}");
    for (auto* who : {&ada, &alan, &ann}) who->updates();
  }
  static std::string named(const std::string& kind, const Value& channel) {
    return "{'_cons':'" + kind + "','channel_id':" + std::to_string(number(channel["id"])) +
           ",'access_hash':" + std::to_string(channel["access_hash"].as_int64().value()) + "}";
  }
  // As that account names it.
  static Value found(Client& who) {
    return who.call("{'_cons':'contacts.resolveUsername','username':'tea_room'}")["chats"]
        .items()[0];
  }
  static std::string channel(Client& who) { return named("inputChannel", found(who)); }
  static std::string peer(Client& who) { return named("inputPeerChannel", found(who)); }
  static std::string user(Client& from, const char* name) {
    const auto known =
        from.call("{'_cons':'contacts.resolveUsername','username':'" + std::string(name) + "'}");
    return Client::input("inputUser", known["users"].items()[0]);
  }
  // A method that has `channel` first.
  static std::string ask(Client& who, const std::string& method, const std::string& more = "") {
    return "{'_cons':'channels." + method + "','channel':" + channel(who) + more + "}";
  }
  static std::string send(Client& who, const std::string& text) {
    return "{'_cons':'messages.sendMessage','peer':" + peer(who) + ",'message':'" + text + "'}";
  }
  static std::string difference(Client& who, std::int64_t pts, int limit = 100) {
    return "{'_cons':'updates.getChannelDifference','channel':" + channel(who) +
           ",'filter':{'_cons':'channelMessagesFilterEmpty'},'pts':" + std::to_string(pts) +
           ",'limit':" + std::to_string(limit) + "}";
  }
  static std::int64_t pts(Client& who) {
    return number(who.call(ask(who, "getFullChannel"))["full_chat"]["pts"]);
  }
};

template <class List>
std::vector<std::string> kinds(const List& updates) {
  std::vector<std::string> out;
  for (const auto& one : updates) out.emplace_back(one.constructor());
  return out;
}

}  // namespace

TEST_CASE("who makes a supergroup is told the one message of it, by its id") {
  Fixture fixture;
  Client ada(fixture);
  ada.sign_in("9996620001", "22222");
  const auto made = ada.call(
      "{'_cons':'channels.createChannel','megagroup':true,'title':'Tea','about':'at five'}");
  const auto& updates = made["updates"].items();
  REQUIRE(kinds(updates) == std::vector<std::string>{"updateMessageID", "updateChannel",
                                                     "updateReadChannelInbox",
                                                     "updateNewChannelMessage"});
  CHECK(number(updates[0]["id"]) == 1);
  CHECK(updates[3]["message"]["action"].constructor() == "messageActionChannelCreate");
  CHECK(updates[3]["message"]["peer_id"].constructor() == "peerChannel");
  CHECK(number(updates[3]["pts"]) == 2);
  const auto& channel = made["chats"].items()[0];
  CHECK(channel["megagroup"].as_bool());
  CHECK(channel["creator"].as_bool());
  CHECK(channel["admin_rights"]["add_admins"].as_bool());
}

TEST_CASE("a channel has message ids and a pts of its own") {
  Room p;
  const auto mine = p.ada.pts();
  const auto said = p.ada.call(Room::send(p.ada, "one"));
  const auto& updates = said["updates"].items();
  REQUIRE(kinds(updates) == std::vector<std::string>{"updateMessageID", "updateReadChannelInbox",
                                                     "updateNewChannelMessage"});
  CHECK(number(updates[0]["id"]) == 2);
  CHECK(number(updates[2]["pts"]) == 3);
  CHECK(number(updates[2]["pts_count"]) == 1);
  CHECK(p.ada.pts() == mine);
  const auto dialogs =
      p.ada.call("{'_cons':'messages.getPeerDialogs','peers':[{'_cons':'inputDialogPeer','peer':" +
                 Room::peer(p.ada) + "}]}");
  CHECK(number(dialogs["dialogs"].items()[0]["pts"]) == 3);
  CHECK(number(dialogs["dialogs"].items()[0]["top_message"]) == 2);
  const auto page = p.ada.call("{'_cons':'messages.getHistory','peer':" + Room::peer(p.ada) + "}");
  CHECK(page.constructor() == "messages.channelMessages");
  CHECK(number(page["count"]) == 2);
  CHECK(number(page["pts"]) == 3);
}

TEST_CASE("a channel's access hash is good for the account that was told it") {
  Room p;
  const auto ours = Room::channel(p.ada);
  CHECK(ours != Room::channel(p.alan));
  CHECK(p.alan.refused("{'_cons':'channels.getFullChannel','channel':" + ours + "}") ==
        "400 CHANNEL_INVALID");
  CHECK(p.alan.refused(Room::ask(p.alan, "getFullChannel")) == "");
}

TEST_CASE("who joins a supergroup speaks in it, who leaves hears no more") {
  Room p;
  CHECK(p.alan.refused(Room::send(p.alan, "x")) == "403 CHAT_WRITE_FORBIDDEN");
  const auto joined = p.alan.call(Room::ask(p.alan, "joinChannel"));
  CHECK(joined.constructor() == "messages.chatInviteJoinResultOk");
  CHECK(p.alan.refused(Room::ask(p.alan, "joinChannel")) == "400 USER_ALREADY_PARTICIPANT");
  CHECK(kinds(p.ada.updates()) == std::vector<std::string>{"updateNewChannelMessage"});
  p.alan.call(Room::send(p.alan, "here"));
  const auto heard = p.ada.updates();
  REQUIRE(heard.size() == 1);
  CHECK(number(heard[0]["message"]["from_id"]["user_id"]) == 1000103);
  CHECK(p.ann.updates().empty());

  CHECK(p.alan.refused(Room::ask(p.alan, "leaveChannel")) == "");
  CHECK(p.alan.refused(Room::ask(p.alan, "leaveChannel")) == "400 USER_NOT_PARTICIPANT");
  CHECK(p.ada.refused(Room::ask(p.ada, "leaveChannel")) == "400 USER_CREATOR");
  p.alan.updates();
  p.ada.call(Room::send(p.ada, "gone?"));
  CHECK(p.alan.updates().empty());
}

TEST_CASE("in a channel administrators alone speak, in its name") {
  Room p(true);
  p.alan.call(Room::ask(p.alan, "joinChannel"));
  CHECK(p.alan.refused(Room::send(p.alan, "x")) == "400 CHAT_ADMIN_REQUIRED");
  p.ada.call(Room::send(p.ada, "news"));
  const auto heard = p.alan.updates();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0]["message"]["post"].as_bool());
  CHECK(heard[0]["message"]["from_id"].is_null());
  CHECK(p.alan.refused(Room::ask(p.alan, "getParticipants",
                                 ",'filter':{'_cons':'channelParticipantsRecent'},'offset':0,"
                                 "'limit':10,'hash':0")) == "400 CHAT_ADMIN_REQUIRED");

  p.alan.call("{'_cons':'messages.forwardMessages','from_peer':" + Room::peer(p.alan) +
              ",'id':[2],'random_id':[77],'to_peer':{'_cons':'inputPeerSelf'}}");
  const auto saved =
      p.alan.call("{'_cons':'messages.getHistory','peer':{'_cons':'inputPeerSelf'}}");
  const auto& forward = saved["messages"].items()[0]["fwd_from"];
  CHECK(number(forward["from_id"]["channel_id"]) == p.id);
  CHECK(number(forward["channel_post"]) == 2);
  CHECK_FALSE(forward["saved_out"].as_bool());
  // Its author knows it for their own, though it names the channel.
  const auto kept =
      p.ada.call("{'_cons':'messages.forwardMessages','from_peer':" + Room::peer(p.ada) +
                 ",'id':[2],'random_id':[78],'to_peer':{'_cons':'inputPeerSelf'}}");
  CHECK(kept["updates"].items()[1]["message"]["fwd_from"]["saved_out"].as_bool());
}

TEST_CASE("a private channel is nobody's who is not in it") {
  Room p;
  const auto known = Room::channel(p.alan);
  p.ada.call(Room::ask(p.ada, "updateUsername", ",'username':''"));
  CHECK(p.alan.refused("{'_cons':'channels.joinChannel','channel':" + known + "}") ==
        "400 CHANNEL_PRIVATE");
  CHECK(p.alan.refused("{'_cons':'channels.getFullChannel','channel':" + known + "}") ==
        "400 CHANNEL_PRIVATE");
  CHECK(p.alan.refused("{'_cons':'contacts.resolveUsername','username':'tea_room'}") ==
        "400 USERNAME_NOT_OCCUPIED");
}

TEST_CASE("names of channels and of people are of one kind") {
  Room p;
  const auto rename = [&](Client& who, const char* name) {
    return who.refused(Room::ask(who, "updateUsername", ",'username':'" + std::string(name) + "'"));
  };
  CHECK(rename(p.ada, "tea_room") == "400 USERNAME_NOT_MODIFIED");
  CHECK(rename(p.ada, "ann_smith") == "400 USERNAME_OCCUPIED");
  CHECK(rename(p.ada, "no") == "400 USERNAME_INVALID");
  CHECK(rename(p.alan, "alans_own") == "400 CHAT_ADMIN_REQUIRED");
  CHECK(p.ann.refused("{'_cons':'account.updateUsername','username':'Tea_Room'}") ==
        "400 USERNAME_OCCUPIED");
  CHECK_FALSE(p.ann
                  .call("{'_cons':'channels.checkUsername','channel':{'_cons':'inputChannelEmpty'},"
                        "'username':'tea_room'}")
                  .as_bool());
}

TEST_CASE("members are listed as they are, newest first") {
  Room p;
  p.ada.call(Room::ask(
      p.ada, "inviteToChannel",
      ",'users':[" + Room::user(p.ada, "alan_turing") + "," + Room::user(p.ada, "echobot") + "]"));
  p.fixture.pass(std::chrono::seconds(10));
  p.ann.call(Room::ask(p.ann, "joinChannel"));
  const auto list = [&](Client& who, const std::string& filter) {
    return who.call(
        Room::ask(who, "getParticipants",
                  ",'filter':{'_cons':'" + filter + "},'offset':0,'limit':200,'hash':0"));
  };
  const auto recent = list(p.ann, "channelParticipantsRecent'");
  const auto& members = recent["participants"].items();
  REQUIRE(members.size() == 4);
  CHECK(members[0].constructor() == "channelParticipantCreator");
  CHECK(members[1].constructor() == "channelParticipantSelf");
  CHECK(members[2].constructor() == "channelParticipant");
  CHECK(recent["users"].items().size() == 4);
  CHECK(number(list(p.ann, "channelParticipantsBots'")["count"]) == 1);
  CHECK(number(list(p.ann, "channelParticipantsAdmins'")["count"]) == 1);
  CHECK(number(list(p.ann, "channelParticipantsSearch','q':'TUR'")["count"]) == 1);
  const auto one = [&](const char* name) {
    return "{'_cons':'channels.getParticipant','channel':" + Room::channel(p.ada) +
           ",'participant':" + p.ada.peer(name) + "}";
  };
  CHECK(p.ada.call(one("ann_smith"))["participant"].constructor() == "channelParticipant");
  CHECK(p.ada.refused(one("grace_hopper")) == "400 USER_NOT_PARTICIPANT");
}

TEST_CASE("administrators are made and unmade by those who may") {
  Room p;
  p.alan.call(Room::ask(p.alan, "joinChannel"));
  p.ann.call(Room::ask(p.ann, "joinChannel"));
  const auto promote = [](Client& who, const char* name, const std::string& rights) {
    return who.refused(Room::ask(who, "editAdmin",
                                 ",'user_id':" + Room::user(who, name) +
                                     ",'admin_rights':{'_cons':'chatAdminRights'" + rights +
                                     "},'rank':'brewer'"));
  };
  const auto retitle = [](Client& who, const char* title) {
    return who.refused(Room::ask(who, "editTitle", ",'title':'" + std::string(title) + "'"));
  };
  CHECK(promote(p.alan, "ann_smith", ",'change_info':true") == "400 CHAT_ADMIN_REQUIRED");
  CHECK(retitle(p.alan, "Coffee") == "400 CHAT_ADMIN_REQUIRED");
  p.alan.updates();
  CHECK(promote(p.ada, "alan_turing", ",'change_info':true,'add_admins':true") == "");
  CHECK(kinds(p.alan.updates()) == std::vector<std::string>{"updateChannel"});
  CHECK(Room::found(p.alan)["admin_rights"]["change_info"].as_bool());
  CHECK(retitle(p.alan, "Coffee") == "");
  CHECK(promote(p.alan, "ann_smith", ",'ban_users':true") == "403 RIGHT_FORBIDDEN");
  CHECK(promote(p.alan, "ada_lovelace", ",'change_info':true") == "400 USER_CREATOR");
  CHECK(promote(p.alan, "ann_smith", ",'change_info':true") == "");
  CHECK(promote(p.ada, "alan_turing", "") == "");
  CHECK(retitle(p.alan, "Cocoa") == "400 CHAT_ADMIN_REQUIRED");
  CHECK(retitle(p.ann, "Cocoa") == "");
}

TEST_CASE("who is banned is out and can't come back, who is restricted keeps silent for the time") {
  Room p;
  p.alan.call(Room::ask(p.alan, "joinChannel"));
  const auto known = Room::channel(p.alan);
  const auto ban = [&](Client& who, const char* name, const std::string& rights,
                       std::int64_t until) {
    return who.refused("{'_cons':'channels.editBanned','channel':" + Room::channel(who) +
                       ",'participant':" + who.peer(name) +
                       ",'banned_rights':{'_cons':'chatBannedRights'" + rights +
                       ",'until_date':" + std::to_string(until) + "}}");
  };
  CHECK(ban(p.alan, "ada_lovelace", ",'view_messages':true", 0) == "400 CHAT_ADMIN_REQUIRED");
  CHECK(ban(p.ada, "ada_lovelace", ",'view_messages':true", 0) == "400 USER_ADMIN_INVALID");
  CHECK(ban(p.ada, "alan_turing", ",'send_messages':true", p.fixture.world.date() + 60) == "");
  CHECK(p.alan.refused(Room::send(p.alan, "x")) == "403 CHAT_WRITE_FORBIDDEN");
  p.fixture.pass(std::chrono::seconds(61));
  CHECK(p.alan.refused(Room::send(p.alan, "x")) == "");

  p.alan.updates();
  CHECK(ban(p.ada, "alan_turing", ",'view_messages':true", 0) == "");
  const auto heard = p.alan.updates();
  REQUIRE_FALSE(heard.empty());
  CHECK(heard.back().constructor() == "updateChannel");
  CHECK(Room::found(p.alan).constructor() == "channelForbidden");
  CHECK(p.alan.refused("{'_cons':'channels.joinChannel','channel':" + known + "}") ==
        "400 CHANNEL_PRIVATE");
  p.ann.call(Room::ask(p.ann, "joinChannel"));
  CHECK(p.ann.refused(Room::ask(p.ann, "inviteToChannel",
                                ",'users':[" + Room::user(p.ann, "alan_turing") + "]")) ==
        "400 USER_KICKED");
  CHECK(ban(p.ada, "alan_turing", "", 0) == "");
  CHECK(p.alan.refused(Room::ask(p.alan, "joinChannel")) == "");
}

TEST_CASE("what was missed in a channel is in its difference, in slices") {
  Room p;
  p.alan.call(Room::ask(p.alan, "joinChannel"));
  const auto before = Room::pts(p.alan);
  CHECK(p.alan.call(Room::difference(p.alan, before)).constructor() ==
        "updates.channelDifferenceEmpty");
  for (const auto* text : {"one", "two", "three"}) p.ada.call(Room::send(p.ada, text));
  p.ada.call("{'_cons':'messages.editMessage','id':3,'message':'one!','peer':" + Room::peer(p.ada) +
             "}");
  p.ada.call(Room::ask(p.ada, "deleteMessages", ",'id':[4]"));
  const auto whole = p.alan.call(Room::difference(p.alan, before));
  REQUIRE(whole.constructor() == "updates.channelDifference");
  CHECK(whole["final"].as_bool());
  CHECK(number(whole["timeout"]) > 0);
  CHECK(number(whole["pts"]) == before + 5);
  REQUIRE(whole["new_messages"].items().size() == 2);
  CHECK(whole["new_messages"].items()[0]["message"].text() == "one!");
  const auto& others = whole["other_updates"].items();
  CHECK(kinds(others) ==
        std::vector<std::string>{"updateEditChannelMessage", "updateDeleteChannelMessages"});

  const auto slice = p.alan.call(Room::difference(p.alan, before, 2));
  CHECK_FALSE(slice["final"].as_bool());
  CHECK(slice["timeout"].is_null());
  CHECK(number(slice["pts"]) == before + 2);
  CHECK(p.alan.refused(Room::difference(p.alan, 0)) == "400 PERSISTENT_TIMESTAMP_EMPTY");
  CHECK(p.alan.refused(Room::difference(p.alan, before + 6)) == "400 PERSISTENT_TIMESTAMP_INVALID");
}

TEST_CASE("who is too far behind in a channel begins anew with what is there") {
  Room p;
  for (int i = 0; i < 2100; ++i) p.ada.call(Room::send(p.ada, "m" + std::to_string(i)));
  const auto anew = p.ada.call(Room::difference(p.ada, 2));
  REQUIRE(anew.constructor() == "updates.channelDifferenceTooLong");
  CHECK(anew["final"].as_bool());
  CHECK(number(anew["dialog"]["pts"]) == Room::pts(p.ada));
  CHECK(anew["messages"].items()[0]["message"].text() == "m2099");
}

TEST_CASE("an account's difference names the channels in which something happened") {
  Room p;
  p.alan.call(Room::ask(p.alan, "joinChannel"));
  const auto state = p.alan.call("{'_cons':'updates.getState'}");
  p.fixture.pass(std::chrono::seconds(5));
  const auto ask =
      "{'_cons':'updates.getDifference','qts':0,'pts':" + std::to_string(number(state["pts"])) +
      ",'date':" + std::to_string(number(state["date"]) + 1) + "}";
  CHECK(p.alan.call(ask).constructor() == "updates.differenceEmpty");
  p.ada.call(Room::send(p.ada, "while you were away"));
  const auto missed = p.alan.call(ask);
  REQUIRE(missed.constructor() == "updates.difference");
  const auto& told = missed["other_updates"].items();
  REQUIRE(kinds(told) == std::vector<std::string>{"updateChannelTooLong"});
  CHECK(number(told[0]["pts"]) == Room::pts(p.ada));
  CHECK(number(missed["chats"].items()[0]["id"]) == p.id);
}

TEST_CASE("what is read in a supergroup is told to its author") {
  Room p;
  p.alan.call(Room::ask(p.alan, "joinChannel"));
  p.ada.call(Room::send(p.ada, "read me"));
  const auto dialog = [&](Client& who) {
    return who
        .call("{'_cons':'messages.getPeerDialogs','peers':[{'_cons':'inputDialogPeer','peer':" +
              Room::peer(who) + "}]}")["dialogs"]
        .items()[0];
  };
  CHECK(number(dialog(p.alan)["unread_count"]) == 1);
  p.ada.updates();
  CHECK(p.alan.call(Room::ask(p.alan, "readHistory", ",'max_id':3")).as_bool());
  CHECK_FALSE(p.alan.call(Room::ask(p.alan, "readHistory", ",'max_id':3")).as_bool());
  CHECK(number(dialog(p.alan)["unread_count"]) == 0);
  const auto heard = p.ada.updates();
  REQUIRE(kinds(heard) == std::vector<std::string>{"updateReadChannelOutbox"});
  CHECK(number(heard[0]["max_id"]) == 3);
  CHECK(number(dialog(p.ada)["read_outbox_max_id"]) == 3);
}

TEST_CASE("messages of a supergroup are pinned, found, linked to, reacted to and deleted") {
  Room p;
  p.alan.call(Room::ask(p.alan, "joinChannel"));
  p.alan.call(Room::send(p.alan, "tea at five, @ada_lovelace"));
  const auto heard = p.ada.updates();
  CHECK(heard.back()["message"]["mentioned"].as_bool());
  const auto pin = [](Client& who) {
    return who.refused("{'_cons':'messages.updatePinnedMessage','id':3,'peer':" + Room::peer(who) +
                       "}");
  };
  CHECK(pin(p.alan) == "");
  CHECK(kinds(p.ada.updates()) ==
        std::vector<std::string>{"updatePinnedChannelMessages", "updateNewChannelMessage"});
  CHECK(number(p.ada.call(Room::ask(p.ada, "getFullChannel"))["full_chat"]["pinned_msg_id"]) == 3);
  const auto hits = p.ada.call(
      "{'_cons':'messages.search','q':'FIVE','filter':{'_cons':'inputMessagesFilterEmpty'},"
      "'min_date':0,'max_date':0,'offset_id':0,'add_offset':0,'limit':10,'max_id':0,'min_id':0,"
      "'hash':0,'peer':" +
      Room::peer(p.ada) + "}");
  CHECK(number(hits["count"]) == 1);
  CHECK(p.ada.call(Room::ask(p.ada, "exportMessageLink", ",'id':3"))["link"].text() ==
        "https://t.me/tea_room/3");
  p.ada.call(
      "{'_cons':'messages.sendReaction','msg_id':3,'reaction':[{'_cons':'reactionEmoji',"
      "'emoticon':'👍'}],'peer':" +
      Room::peer(p.ada) + "}");
  const auto reacted = p.alan.updates();
  CHECK(reacted.back().constructor() == "updateMessageReactions");
  const auto remove = [](Client& who, const char* id) {
    return who.refused(Room::ask(who, "deleteMessages", ",'id':[" + std::string(id) + "]"));
  };
  CHECK(remove(p.alan, "1") == "403 MESSAGE_DELETE_FORBIDDEN");
  CHECK(remove(p.ada, "3") == "");
  const auto left =
      p.alan.call("{'_cons':'channels.getMessages','channel':" + Room::channel(p.alan) +
                  ",'id':[{'_cons':'inputMessageID','id':3}]}");
  CHECK(left["messages"].items()[0].constructor() == "messageEmpty");
}

TEST_CASE("in a supergroup the echo bot answers who mentions it") {
  Room p;
  p.ada.call(
      Room::ask(p.ada, "inviteToChannel", ",'users':[" + Room::user(p.ada, "echobot") + "]"));
  p.ada.updates();
  p.ada.call(Room::send(p.ada, "and you, @echobot?"));
  p.fixture.pass(std::chrono::seconds(5));
  const auto heard = p.ada.updates();
  REQUIRE(kinds(heard) ==
          std::vector<std::string>{"updateChannelUserTyping", "updateNewChannelMessage"});
  CHECK(number(heard[1]["message"]["reply_to"]["reply_to_msg_id"]) == 3);
}

TEST_CASE("a deleted channel is gone for all who were in it") {
  Room p;
  p.alan.call(Room::ask(p.alan, "joinChannel"));
  const auto known = Room::channel(p.alan);
  CHECK(p.alan.refused(Room::ask(p.alan, "deleteChannel")) == "400 CHAT_ADMIN_REQUIRED");
  CHECK(p.ada.refused(Room::ask(p.ada, "deleteChannel")) == "");
  CHECK(p.alan.heard.back()["chats"].items()[0].constructor() == "channelForbidden");
  CHECK(p.alan.refused("{'_cons':'channels.getFullChannel','channel':" + known + "}") ==
        "400 CHANNEL_PRIVATE");
}

TEST_CASE("channels are kept in the state file") {
  Room p(true);
  p.alan.call(Room::ask(p.alan, "joinChannel"));
  p.ada.call(Room::send(p.ada, "kept"));
  p.ada.call(Room::ask(p.ada, "editAdmin",
                       ",'user_id':" + Room::user(p.ada, "alan_turing") +
                           ",'admin_rights':{'_cons':'chatAdminRights','post_messages':true},"
                           "'rank':'herald'"));
  const auto ask = [&](Client& who) {
    return json(who.call("{'_cons':'messages.getHistory','peer':" + Room::peer(who) + "}")) +
           json(who.call(Room::difference(who, 1))) + json(Room::found(who)) +
           json(who.call("{'_cons':'messages.getDialogs','offset_date':0,'offset_id':0,"
                         "'offset_peer':{'_cons':'inputPeerEmpty'},'limit':0}"));
  };
  const auto before = ask(p.alan);
  const auto text = boost::json::serialize(world_to_json(p.fixture.world, {}));
  Fixture other;
  other.world.accounts = {};
  other.world.chats = {};
  other.world.channels = {};
  other.world.boxes.clear();
  world_from_json(boost::json::parse(text), other.world);
  other.now = p.fixture.now;
  other.wall = p.fixture.wall;
  Client back(other, 1, p.alan.address().key);
  CHECK(ask(back) == before);
  CHECK(back.refused(Room::send(back, "more")) == "");
}

TEST_CASE("a channel's post counts who looked at it, each once, and how often it was sent on") {
  Room room(true);
  const auto made = room.ada.call(Room::send(room.ada, "news"));
  const auto& post = made["updates"].items().back()["message"];
  CHECK(number(post["views"]) == 1);  // its author's
  const auto id = std::to_string(number(post["id"]));
  const auto look = [&](Client& who, bool counts) {
    const auto answer =
        who.call("{'_cons':'messages.getMessagesViews','peer':" + Room::peer(who) + ",'id':[" + id +
                 ",999],'increment':" + (counts ? "true" : "false") + "}");
    CHECK(answer["views"].items()[1]["views"].is_null());
    return number(answer["views"].items()[0]["views"]);
  };
  CHECK(look(room.alan, false) == 1);
  CHECK(look(room.alan, true) == 2);
  CHECK(look(room.alan, true) == 2);
  CHECK(look(room.ann, true) == 3);
  room.alan.call("{'_cons':'messages.forwardMessages','from_peer':" + Room::peer(room.alan) +
                 ",'to_peer':{'_cons':'inputPeerSelf'},'id':[" + id + "],'random_id':[7]}");
  const auto shown =
      room.ada
          .call("{'_cons':'messages.getHistory','peer':" + Room::peer(room.ada) + "}")["messages"]
          .items()[0];
  CHECK(number(shown["views"]) == 3);
  CHECK(number(shown["forwards"]) == 1);
}

TEST_CASE("a channel's photo is its administrators' to change") {
  Room room;
  const auto edit = [](Client& who, const std::string& photo) {
    return who.refused(Room::ask(who, "editPhoto", ",'photo':" + photo));
  };
  const tl::Builder make(room.ada.arena());
  auto png = support::unhex("89504e470d0a1a0a0000000d4948445200000040000000200806000000");
  png.resize(200);
  room.ada.call(make.object("upload.saveFilePart", {{"file_id", Value::integer(5)},
                                                    {"file_part", Value::integer(0)},
                                                    {"bytes", make.bytes(png)}}));
  CHECK(edit(room.ada,
             "{'_cons':'inputChatUploadedPhoto','file':{'_cons':'inputFile','id':5,"
             "'parts':1,'name':'a.png','md5_checksum':''}}") == "");
  CHECK(Room::found(room.alan)["photo"].constructor() == "chatPhoto");
  const auto full = room.alan.call(Room::ask(room.alan, "getFullChannel"));
  CHECK(full["full_chat"]["chat_photo"].constructor() == "photo");
  CHECK(edit(room.alan, "{'_cons':'inputChatPhotoEmpty'}") == "400 CHAT_ADMIN_REQUIRED");
  CHECK(edit(room.ada, "{'_cons':'inputChatPhotoEmpty'}") == "");
  CHECK(Room::found(room.alan)["photo"].constructor() == "chatPhotoEmpty");
}

TEST_CASE("a newcomer finds a channel to read and a supergroup to speak in") {
  Fixture fixture;
  Client ann(fixture);
  ann.sign_up("9996620050", "Ann");
  const auto join = [&](const std::string& name) {
    const auto room =
        ann.call("{'_cons':'contacts.resolveUsername','username':'" + name + "'}")["chats"]
            .items()[0];
    CHECK(ann.refused("{'_cons':'channels.joinChannel','channel':" +
                      Room::named("inputChannel", room) + "}") == "");
    return Room::named("inputPeerChannel", room);
  };
  const auto say = [&](const std::string& peer) {
    return ann.refused("{'_cons':'messages.sendMessage','peer':" + peer + ",'message':'hello'}");
  };
  const auto news = join("sandbox_news");
  CHECK(say(news) == "400 CHAT_ADMIN_REQUIRED");
  CHECK(ann.call("{'_cons':'messages.getHistory','peer':" + news + "}")["messages"]
            .items()[0]["message"]
            .text()
            .starts_with("This is a channel"));
  CHECK(say(join("sandbox_hall")) == "");
  CHECK(ann.call("{'_cons':'contacts.search','q':'sandbox','limit':10}")["chats"].items().size() ==
        2);
}
