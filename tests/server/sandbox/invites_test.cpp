#include <catch2/catch.hpp>

#include "tests/server/sandbox/fixture.hpp"

using namespace fixture;

namespace {

// Ada's group and her private channel or supergroup; Alan is a stranger to both.
struct Rooms {
  Fixture fixture;
  Client ada{fixture}, alan{fixture, 1};
  std::string group, channel;

  explicit Rooms(const char* kind = "megagroup") {
    ada.sign_in("9996620001", "22222");
    alan.sign_in("9996610003", "11111");
    const auto bot = ada.peer("echobot");
    const auto made = ada.call("{'_cons':'messages.createChat','users':[{'_cons':'inputUser'" +
                               bot.substr(bot.find(",'user_id'")) + "],'title':'Tea'}");
    group = "{'_cons':'inputPeerChat','chat_id':" +
            std::to_string(number(made["updates"]["chats"].items()[0]["id"])) + "}";
    const auto room = ada.call("{'_cons':'channels.createChannel','" + std::string(kind) +
                               "':true,'title':'Hall','about':'of fame'}")["chats"]
                          .items()[0];
    channel = "{'_cons':'inputPeerChannel','channel_id':" + std::to_string(number(room["id"])) +
              ",'access_hash':" + std::to_string(room["access_hash"].as_int64().value()) + "}";
    ada.updates();
    alan.updates();
  }
  Value make(const std::string& peer, const std::string& more = "") {
    return ada.call("{'_cons':'messages.exportChatInvite','peer':" + peer + more + "}");
  }
  static std::string hash(const Value& invite) {
    const std::string link(invite["link"].text());
    return link.substr(link.find('+') + 1);
  }
  static std::string check(const std::string& hash) {
    return "{'_cons':'messages.checkChatInvite','hash':'" + hash + "'}";
  }
  static std::string import(const std::string& hash) {
    return "{'_cons':'messages.importChatInvite','hash':'" + hash + "'}";
  }
};

}  // namespace

TEST_CASE("a link shows what it leads to, and lets in") {
  Rooms rooms;
  const bool group = GENERATE(true, false);
  const auto& peer = group ? rooms.group : rooms.channel;
  const auto hash = Rooms::hash(rooms.make(peer));
  const auto seen = rooms.alan.call(Rooms::check(hash));
  CHECK(seen.constructor() == "chatInvite");
  CHECK(seen["title"].text() == (group ? "Tea" : "Hall"));
  CHECK(seen["megagroup"].as_bool() == !group);
  CHECK(number(seen["participants_count"]) == (group ? 2 : 1));

  const auto joined = rooms.alan.call(Rooms::import(hash));
  CHECK(joined.constructor() == "messages.chatInviteJoinResultOk");
  const auto heard = rooms.ada.updates();
  REQUIRE_FALSE(heard.empty());
  const auto& action = heard.back()["message"]["action"];
  CHECK(action.constructor() == "messageActionChatJoinedByLink");
  CHECK(number(action["inviter_id"]) == 1000101);
  CHECK(number(heard.back()["message"]["from_id"]["user_id"]) == 1000103);
  CHECK(rooms.alan.call(Rooms::check(hash)).constructor() == "chatInviteAlready");
  CHECK(rooms.alan.refused(Rooms::import(hash)) == "400 USER_ALREADY_PARTICIPANT");
}

TEST_CASE("who comes by a link into a channel finds it, and nothing is said there") {
  Rooms rooms("broadcast");
  const auto hash = Rooms::hash(rooms.make(rooms.channel));
  const auto joined = rooms.alan.call(Rooms::import(hash))["updates"];
  CHECK(joined["updates"].items()[0].constructor() == "updateChannel");
  CHECK(joined["chats"].items()[0]["title"].text() == "Hall");
  CHECK(rooms.ada.updates().empty());
}

TEST_CASE("a link is over by its limit, its time, or when another takes its place") {
  Rooms rooms;
  const auto once = Rooms::hash(rooms.make(rooms.channel, ",'usage_limit':1"));
  CHECK(rooms.alan.refused(Rooms::import(once)) == "");
  rooms.alan.call("{'_cons':'channels.leaveChannel','channel':{'_cons':'inputChannel'" + [&] {
    const auto joined = rooms.alan.call(
        "{'_cons':'messages.getDialogs','offset_date':0,'offset_id':0,"
        "'offset_peer':{'_cons':'inputPeerEmpty'},'limit':100}");
    for (const auto& chat : joined["chats"].items()) {
      if (chat["title"].text() != "Hall") continue;
      return ",'channel_id':" + std::to_string(number(chat["id"])) +
             ",'access_hash':" + std::to_string(chat["access_hash"].as_int64().value()) + "}}";
    }
    return std::string("}}");
  }());
  CHECK(rooms.alan.refused(Rooms::import(once)) == "400 INVITE_HASH_EXPIRED");

  const auto brief = Rooms::hash(rooms.make(rooms.group, ",'expire_date':1800000010"));
  const auto own = rooms.make(rooms.group);
  CHECK(own["permanent"].as_bool());
  rooms.fixture.pass(std::chrono::seconds(20));
  CHECK(rooms.alan.refused(Rooms::check(brief)) == "400 INVITE_HASH_EXPIRED");
  CHECK(rooms.alan.refused(Rooms::check(Rooms::hash(own))) == "");
  const auto next = rooms.make(rooms.group, ",'legacy_revoke_permanent':true");
  CHECK(next["permanent"].as_bool());
  CHECK(rooms.alan.refused(Rooms::check(Rooms::hash(own))) == "400 INVITE_HASH_EXPIRED");
  CHECK(rooms.alan.refused(Rooms::check("nonsense")) == "400 INVITE_HASH_INVALID");
}

TEST_CASE("an administrator's links are listed, those that are over apart") {
  Rooms rooms;
  const auto own = rooms.make(rooms.group);
  rooms.make(rooms.group, ",'title':'for friends'");
  rooms.make(rooms.group, ",'legacy_revoke_permanent':true");
  const auto list = [&](const std::string& more) {
    return rooms.ada.call("{'_cons':'messages.getExportedChatInvites','peer':" + rooms.group +
                          ",'admin_id':{'_cons':'inputUserSelf'},'limit':10" + more + "}");
  };
  const auto good = list("");
  REQUIRE(good["invites"].items().size() == 2);
  CHECK(good["invites"].items()[1]["title"].text() == "for friends");
  const auto over = list(",'revoked':true");
  REQUIRE(over["invites"].items().size() == 1);
  CHECK(over["invites"].items()[0]["link"].text() == own["link"].text());
  const auto chat = rooms.group.substr(rooms.group.find("'chat_id':") + 10);
  const auto full =
      rooms.ada.call("{'_cons':'messages.getFullChat','chat_id':" + chat)["full_chat"];
  CHECK(full["exported_invite"]["link"].text() == good["invites"].items()[0]["link"].text());
}

TEST_CASE("links are administrators' to make, and nobody's who was banned") {
  Rooms rooms;
  const auto hash = Rooms::hash(rooms.make(rooms.group));
  rooms.alan.call(Rooms::import(hash));
  CHECK(rooms.alan.refused("{'_cons':'messages.exportChatInvite','peer':" + rooms.group + "}") ==
        "400 CHAT_ADMIN_REQUIRED");
  const auto hall = Rooms::hash(rooms.make(rooms.channel));
  const auto alan = rooms.ada.peer("alan_turing");
  rooms.ada.call("{'_cons':'channels.editBanned','channel':{'_cons':'inputChannel'" +
                 rooms.channel.substr(rooms.channel.find(",'channel_id'")) +
                 ",'participant':" + alan +
                 ",'banned_rights':{'_cons':'chatBannedRights','view_messages':true,"
                 "'until_date':0}}");
  CHECK(rooms.alan.refused(Rooms::import(hall)) == "400 INVITE_HASH_EXPIRED");
}
