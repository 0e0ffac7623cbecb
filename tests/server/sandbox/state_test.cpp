#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <filesystem>

#include "server/sandbox/private_file.hpp"
#include "server/sandbox/state_json.hpp"
#include "tests/server/sandbox/fixture.hpp"
#include "tests/support/contains.hpp"
#include "tests/support/hex.hpp"

using namespace fixture;

TEST_CASE("a world written down and read again is the same") {
  Fixture fixture;
  Client ada(fixture);
  ada.sign_in("9996620001", "22222");
  const auto id = std::to_string(number(ada.send("{'_cons':'inputPeerSelf'}", "gone")["id"]));
  ada.send("{'_cons':'inputPeerSelf'}", "kept");
  ada.call("{'_cons':'messages.deleteMessages','id':[" + id + "]}");
  const tl::Builder make(ada.arena());
  ada.call(make.object("upload.saveFilePart", {{"file_id", Value::integer(1)},
                                               {"file_part", Value::integer(0)},
                                               {"bytes", make.bytes(tl::Bytes(10, 3))}}));
  ada.call(
      "{'_cons':'messages.sendMedia','peer':{'_cons':'inputPeerSelf'},'message':'',"
      "'media':{'_cons':'inputMediaUploadedDocument','file':{'_cons':'inputFile','id':1,"
      "'parts':1,'name':'n','md5_checksum':''},'mime_type':'a/b','attributes':["
      "{'_cons':'documentAttributeVideo','duration':0.1,'w':1,'h':2}]}}");
  ada.call(
      "{'_cons':'messages.sendMedia','peer':{'_cons':'inputPeerSelf'},'message':'',"
      "'media':{'_cons':'inputMediaGeoPoint','geo_point':{'_cons':'inputGeoPoint',"
      "'lat':52.37,'long':-0.1}}}");
  const auto kept = std::to_string(number(ada.send("{'_cons':'inputPeerSelf'}", "pin me")["id"]));
  ada.call("{'_cons':'messages.updatePinnedMessage','peer':{'_cons':'inputPeerSelf'},'id':" + kept +
           "}");
  ada.call(
      "{'_cons':'messages.markDialogUnread','unread':true,'peer':{'_cons':'inputDialogPeer',"
      "'peer':{'_cons':'inputPeerSelf'}}}");
  ada.call(
      "{'_cons':'messages.saveDraft','peer':{'_cons':'inputPeerSelf'},'message':'dear me',"
      "'entities':[{'_cons':'messageEntityBold','offset':0,'length':4}]}");
  auto png = support::unhex("89504e470d0a1a0a0000000d4948445200000040000000200806000000");
  png.resize(200);
  ada.call(make.object("upload.saveFilePart", {{"file_id", Value::integer(2)},
                                               {"file_part", Value::integer(0)},
                                               {"bytes", make.bytes(png)}}));
  ada.call(
      "{'_cons':'photos.uploadProfilePhoto','file':{'_cons':'inputFile','id':2,'parts':1,"
      "'name':'a.png','md5_checksum':''}}");
  ada.call("{'_cons':'messages.sendReaction','peer':{'_cons':'inputPeerSelf'},'msg_id':" + kept +
           ",'reaction':[{'_cons':'reactionEmoji','emoticon':'🔥'}]}");
  const auto echo = ada.peer("echobot");
  const auto keep = [&](const std::string& from, const char* random) {
    const auto newest =
        ada.call("{'_cons':'messages.getHistory','limit':1,'peer':" + from + "}")["messages"];
    const auto done =
        ada.call("{'_cons':'messages.forwardMessages','from_peer':" + from + ",'id':[" +
                 std::to_string(number(newest.items()[0]["id"])) + "],'random_id':[" + random +
                 "],'to_peer':{'_cons':'inputPeerSelf'}}");
    return done["updates"].items()[1]["message"]["fwd_from"];
  };
  CHECK(keep(echo, "1")["saved_from_id"].is_null());
  CHECK(keep("{'_cons':'inputPeerSelf'}", "2")["saved_from_id"].is_object());
  const auto ask = [](Client& client) {
    std::string out;
    for (const auto* request :
         {"{'_cons':'messages.getDialogs','offset_date':0,'offset_id':0,'offset_peer':"
          "{'_cons':'inputPeerEmpty'},'limit':0}",
          "{'_cons':'messages.getHistory','peer':{'_cons':'inputPeerSelf'}}",
          "{'_cons':'updates.getDifference','pts':1,'date':1,'qts':0}",
          "{'_cons':'contacts.getContacts','hash':0}"}) {
      out += json(client.call(request)) + "\n";
    }
    return out;
  };
  const auto before = ask(ada);

  const StoredKey key{2, tl::Bytes(256, 5)};
  const StoredKey of_test{3, tl::Bytes(256, 6), true};
  const auto text = boost::json::serialize(world_to_json(fixture.world, {key, of_test}));
  Fixture other;
  other.world.accounts = {};
  other.world.chats = {};
  other.world.boxes.clear();
  const auto keys = world_from_json(boost::json::parse(text), other.world);
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].dc == 2);
  CHECK(keys[0].auth_key == key.auth_key);
  CHECK_FALSE(keys[0].test);
  CHECK(keys[1].test);
  other.now = fixture.now;
  other.wall = fixture.wall;
  Client back(other, 2, ada.address().key);
  const auto after = ask(back);  // still signed in
  CHECK(after == before);
  CHECK(boost::json::serialize(world_to_json(other.world, {})).size() > 1000);
  // Life goes on where it was.
  CHECK(back.send("{'_cons':'inputPeerSelf'}", "next").constructor() == "updateShortSentMessage");
}

TEST_CASE("blocked people, privacy, links, photos, administrators and views are kept") {
  Fixture fixture;
  Client ada(fixture);
  ada.sign_in("9996620001", "22222");
  const auto alan = ada.peer("alan_turing");
  const auto alan_user = "{'_cons':'inputUser'" + alan.substr(alan.find(",'user_id'"));
  const std::string chat = "{'_cons':'inputPeerChat','chat_id':2001}";
  ada.call("{'_cons':'contacts.block','id':" + ada.peer("echobot") + "}");
  ada.call(
      "{'_cons':'account.setPrivacy','key':{'_cons':'inputPrivacyKeyForwards'},'rules':["
      "{'_cons':'inputPrivacyValueAllowChatParticipants','chats':[2001]},"
      "{'_cons':'inputPrivacyValueDisallowAll'}]}");
  ada.call("{'_cons':'messages.exportChatInvite','peer':" + chat + "}");
  ada.call("{'_cons':'messages.exportChatInvite','peer':" + chat + ",'title':'x'}");
  ada.call("{'_cons':'messages.editChatAdmin','chat_id':2001,'user_id':" + alan_user +
           ",'is_admin':true}");
  auto png = support::unhex("89504e470d0a1a0a0000000d4948445200000040000000200806000000");
  png.resize(200);
  const tl::Builder make(ada.arena());
  ada.call(make.object("upload.saveFilePart", {{"file_id", Value::integer(2)},
                                               {"file_part", Value::integer(0)},
                                               {"bytes", make.bytes(png)}}));
  ada.call(
      "{'_cons':'messages.editChatPhoto','chat_id':2001,'photo':{'_cons':"
      "'inputChatUploadedPhoto','file':{'_cons':'inputFile','id':2,'parts':1,"
      "'name':'a.png','md5_checksum':''}}}");
  const auto news =
      ada.call("{'_cons':'contacts.resolveUsername','username':'sandbox_news'}")["chats"]
          .items()[0];
  const auto channel = "'channel_id':" + std::to_string(number(news["id"])) +
                       ",'access_hash':" + std::to_string(news["access_hash"].as_int64().value()) +
                       "}";
  const auto ask = [&](Client& client) {
    std::string out;
    for (const auto& request :
         {std::string("{'_cons':'contacts.getBlocked','offset':0,'limit':10}"),
          std::string("{'_cons':'account.getPrivacy','key':{'_cons':'inputPrivacyKeyForwards'}}"),
          "{'_cons':'messages.getExportedChatInvites','peer':" + chat +
              ",'admin_id':{'_cons':'inputUserSelf'},'limit':10}",
          std::string("{'_cons':'messages.getFullChat','chat_id':2001}"),
          "{'_cons':'messages.getHistory','peer':" + chat + "}",
          "{'_cons':'messages.getHistory','peer':{'_cons':'inputPeerChannel'," + channel + "}"}) {
      out += json(client.call(request)) + "\n";
    }
    return out;
  };
  const auto before = ask(ada);
  CHECK(before.find("rpc_error") == std::string::npos);

  const auto text = boost::json::serialize(world_to_json(fixture.world, {}));
  Fixture other;
  other.world.accounts = {};
  other.world.chats = {};
  other.world.channels = {};
  other.world.boxes.clear();
  world_from_json(boost::json::parse(text), other.world);
  Client back(other, 2, ada.address().key);
  CHECK(ask(back) == before);
}

TEST_CASE("what is no state is refused with a reason") {
  support::ScriptedRandom random;
  for (
      const auto* text :
      {"{}", "[]", "7", R"({"streamjson_sandbox":2})", R"({"streamjson_sandbox":1})",
       R"({"streamjson_sandbox":1,"users":[{}],"chats":[],"files":[],"posts":[],"boxes":[],"sign_ins":[],"auth_keys":[]})"}) {
    World world(random);
    INFO(text);
    CHECK_THROWS(world_from_json(boost::json::parse(text), world));
  }
}

TEST_CASE("a private file is whole and its owner's alone") {
  auto folder = (std::filesystem::temp_directory_path() / "sandbox-test-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  const auto path = folder + "/state";
  CHECK_FALSE(read_private_file(path));
  write_private_file(path, "one");
  write_private_file(path, "two");
  CHECK(read_private_file(path) == "two");
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK(std::distance(std::filesystem::directory_iterator(folder), {}) == 1);
  CHECK_THROWS_WITH(write_private_file(folder + "/no/where", "x"), support::contains("no/where"));
  std::filesystem::remove_all(folder);
}
