#include <catch2/catch.hpp>

#include "tests/server/sandbox/fixture.hpp"
#include "tests/support/hex.hpp"

using namespace fixture;

namespace {

struct Group {
  Fixture fixture;
  Client ada{fixture}, alan{fixture, 1}, ann{fixture};
  std::string alan_input, ann_input, id;

  Group() {
    ada.sign_in("9996620001", "22222");
    alan.sign_in("9996610003", "11111");
    ann.sign_up("9996620050", "Ann");
    ann.call("{'_cons':'account.updateUsername','username':'ann_smith'}");
    alan_input = user(ada, "alan_turing");
    ann_input = user(ada, "ann_smith");
    const auto made =
        ada.call("{'_cons':'messages.createChat','users':[" + alan_input + "],'title':'Tea'}");
    for (const auto& chat : made["updates"]["chats"].items()) {
      id = std::to_string(number(chat["id"]));
    }
  }
  static std::string user(Client& from, const char* name) {
    const auto found =
        from.call("{'_cons':'contacts.resolveUsername','username':'" + std::string(name) + "'}");
    return Client::input("inputUser", found["users"].items()[0]);
  }
  std::string peer() const { return "{'_cons':'inputPeerChat','chat_id':" + id + "}"; }
};

}  // namespace

TEST_CASE("a new group tells its members who is in it") {
  Group g;
  const auto heard = g.alan.updates();
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].constructor() == "updateChatParticipants");
  CHECK(heard[0]["participants"]["participants"].items().size() == 2);
  CHECK(heard[1]["message"]["action"].constructor() == "messageActionChatCreate");
  CHECK(g.ann.updates().empty());
  const auto full = g.alan.call("{'_cons':'messages.getFullChat','chat_id':" + g.id + "}");
  CHECK(full["full_chat"]["participants"]["participants"].items().size() == 2);
  CHECK(full["chats"].items()[0]["title"].text() == "Tea");
}

TEST_CASE("who makes a group is told the one message of it, by its id") {
  Group g;
  const auto made =
      g.ada.call("{'_cons':'messages.createChat','users':[" + g.ann_input + "],'title':'Two'}");
  const auto& updates = made["updates"]["updates"].items();
  REQUIRE(updates.size() == 3);
  CHECK(updates[0].constructor() == "updateMessageID");
  CHECK(number(updates[0]["random_id"]) != 0);
  CHECK(updates[1].constructor() == "updateChatParticipants");
  CHECK(updates[2].constructor() == "updateNewMessage");
  CHECK(updates[2]["message"]["id"].as_int64() == updates[0]["id"].as_int64());
}

TEST_CASE("who is in a group hears it, who is not can't speak in it") {
  Group g;
  g.alan.updates();
  g.ada.send(g.peer(), "hello all");
  const auto heard = g.alan.updates();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0]["message"]["peer_id"].constructor() == "peerChat");
  CHECK(number(heard[0]["message"]["from_id"]["user_id"]) == 1000101);
  const auto send = "{'_cons':'messages.sendMessage','peer':" + g.peer() + ",'message':'x'}";
  CHECK(g.ann.refused(send) == "400 PEER_ID_INVALID");

  CHECK(g.ada.refused("{'_cons':'messages.addChatUser','chat_id':" + g.id +
                      ",'user_id':" + g.ann_input + ",'fwd_limit':0}") == "");
  CHECK(g.ada.refused("{'_cons':'messages.addChatUser','chat_id':" + g.id + ",'user_id':" +
                      g.ann_input + ",'fwd_limit':0}") == "400 USER_ALREADY_PARTICIPANT");
  CHECK(g.ann.updates().size() == 2);
  CHECK(g.ann.refused(send) == "");

  const auto remove = [&](const std::string& who) {
    return "{'_cons':'messages.deleteChatUser','chat_id':" + g.id + ",'user_id':" + who + "}";
  };
  CHECK(g.ann.refused(remove(Group::user(g.ann, "alan_turing"))) == "400 CHAT_ADMIN_REQUIRED");
  CHECK(g.ada.refused(remove(g.ann_input)) == "");
  CHECK(g.ada.refused(remove(g.ann_input)) == "400 USER_NOT_PARTICIPANT");
  CHECK(g.ann.refused(send) == "403 CHAT_WRITE_FORBIDDEN");
  // What was said before stays.
  CHECK(g.ann.call("{'_cons':'messages.getHistory','peer':" + g.peer() + "}")["messages"]
            .items()
            .size() == 3);
}

TEST_CASE("a group's title is its members' to change") {
  Group g;
  const auto edit = [&](Client& client, const std::string& title) {
    return client.refused("{'_cons':'messages.editChatTitle','chat_id':" + g.id + ",'title':'" +
                          title + "'}");
  };
  CHECK(edit(g.alan, "Coffee") == "");
  CHECK(edit(g.alan, "Coffee") == "400 CHAT_NOT_MODIFIED");
  CHECK(edit(g.alan, " ") == "400 CHAT_TITLE_EMPTY");
  CHECK(edit(g.ann, "Cake") == "400 CHAT_ID_INVALID");
  CHECK(g.ada.updates()[0]["message"]["action"]["title"].text() == "Coffee");
  CHECK(g.ada.refused("{'_cons':'messages.createChat','users':[],'title':'x'}") ==
        "400 USERS_TOO_FEW");
}

TEST_CASE("in a group the echo bot answers who mentions it") {
  Group g;
  g.ada.call("{'_cons':'messages.addChatUser','chat_id':" + g.id +
             ",'user_id':" + Group::user(g.ada, "echobot") + ",'fwd_limit':0}");
  g.alan.updates();
  g.ada.send(g.peer(), "nobody in particular");
  g.fixture.pass(std::chrono::seconds(5));
  CHECK(g.alan.updates().size() == 1);
  g.ada.send(g.peer(), "what do you say, @echobot?");
  g.fixture.pass(std::chrono::seconds(5));
  const auto heard = g.alan.updates();
  REQUIRE(heard.size() == 3);
  CHECK(heard[1].constructor() == "updateChatUserTyping");
  CHECK(heard[2]["message"]["message"].text() == "what do you say, @echobot?");
  CHECK(number(heard[2]["message"]["reply_to"]["reply_to_msg_id"]) ==
        number(heard[0]["message"]["id"]));
}

namespace {

// A PNG's first bytes, as the parts of upload `id`.
std::string uploaded_picture(Client& client, int id) {
  auto png = support::unhex("89504e470d0a1a0a0000000d4948445200000040000000200806000000");
  png.resize(200);
  const tl::Builder make(client.arena());
  client.call(make.object("upload.saveFilePart", {{"file_id", Value::integer(id)},
                                                  {"file_part", Value::integer(0)},
                                                  {"bytes", make.bytes(png)}}));
  return "{'_cons':'inputChatUploadedPhoto','file':{'_cons':'inputFile','id':" +
         std::to_string(id) + ",'parts':1,'name':'a.png','md5_checksum':''}}";
}

const std::string no_photo = "{'_cons':'inputChatPhotoEmpty'}";

}  // namespace

TEST_CASE("a group's photo is shown, told of, fetched and taken away") {
  Group g;
  g.alan.updates();
  const auto edit = [&](const std::string& photo) {
    return "{'_cons':'messages.editChatPhoto','chat_id':" + g.id + ",'photo':" + photo + "}";
  };
  CHECK(g.alan.refused(edit(no_photo)) == "400 CHAT_NOT_MODIFIED");
  CHECK(g.ada.refused(edit(uploaded_picture(g.ada, 5))) == "");
  const auto heard = g.alan.updates();
  REQUIRE(heard.size() == 1);
  const auto& action = heard[0]["message"]["action"];
  CHECK(action.constructor() == "messageActionChatEditPhoto");
  const auto full = g.alan.call("{'_cons':'messages.getFullChat','chat_id':" + g.id + "}");
  const auto& photo = full["chats"].items()[0]["photo"];
  CHECK(photo.constructor() == "chatPhoto");
  CHECK(photo["photo_id"].as_int64() == action["photo"]["id"].as_int64());
  CHECK(full["full_chat"]["chat_photo"]["id"].as_int64() == photo["photo_id"].as_int64());
  const auto piece = g.ada.call(
      "{'_cons':'upload.getFile','offset':0,'limit':4096,'location':{'_cons':"
      "'inputPeerPhotoFileLocation','big':true,'peer':" +
      g.peer() + ",'photo_id':" + std::to_string(photo["photo_id"].as_int64().value()) + "}}");
  CHECK(piece["bytes"].as_bytes().size() == 200);

  CHECK(g.alan.refused(edit(no_photo)) == "");
  const auto gone = g.ada.updates();
  CHECK(gone.back()["message"]["action"].constructor() == "messageActionChatDeletePhoto");
  CHECK(g.ann.refused(edit(no_photo)) == "400 CHAT_ID_INVALID");
}

TEST_CASE("who made a group makes its administrators, and they may do more") {
  Group g;
  g.ada.call("{'_cons':'messages.addChatUser','chat_id':" + g.id + ",'user_id':" + g.ann_input +
             ",'fwd_limit':0}");
  const auto ann_there = Group::user(g.alan, "ann_smith");
  const auto remove =
      "{'_cons':'messages.deleteChatUser','chat_id':" + g.id + ",'user_id':" + ann_there + "}";
  const auto make = [&](const std::string& who, const char* is_admin) {
    return "{'_cons':'messages.editChatAdmin','chat_id':" + g.id + ",'user_id':" + who +
           ",'is_admin':" + is_admin + "}";
  };
  CHECK(g.alan.refused(make(ann_there, "true")) == "400 CHAT_ADMIN_REQUIRED");
  CHECK(g.alan.refused(remove) == "400 CHAT_ADMIN_REQUIRED");
  for (auto* who : {&g.ada, &g.alan}) who->updates();
  CHECK(g.ada.refused(make(g.alan_input, "true")) == "");
  for (auto* who : {&g.ada, &g.alan}) {
    const auto heard = who->updates();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].constructor() == "updateChatParticipants");
    CHECK(heard[0]["participants"]["participants"].items()[1].constructor() ==
          "chatParticipantAdmin");
  }
  const auto chat =
      g.alan.call("{'_cons':'messages.getChats','id':[" + g.id + "]}")["chats"].items()[0];
  CHECK(chat["admin_rights"]["ban_users"].as_bool());
  CHECK(g.alan.refused(remove) == "");
  CHECK(g.ada.refused(make(g.ann_input, "true")) == "400 USER_NOT_PARTICIPANT");
  CHECK(g.ada.refused(make(g.alan_input, "false")) == "");
  CHECK(g.alan.call("{'_cons':'messages.getChats','id':[" + g.id + "]}")["chats"]
            .items()[0]["admin_rights"]
            .is_null());
}
