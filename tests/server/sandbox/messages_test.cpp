#include <catch2/catch.hpp>
#include <set>

#include "tests/server/sandbox/fixture.hpp"

using namespace fixture;

namespace {

struct Two {
  Fixture fixture;
  Client ada{fixture}, ann{fixture};
  std::string to_ann, to_ada;

  Two() {
    ada.sign_in("9996620001", "22222");
    ann.sign_up("9996620050", "Ann");
    ada.call(
        "{'_cons':'contacts.importContacts','contacts':[{'_cons':'inputPhoneContact',"
        "'client_id':1,'phone':'+9996620050','first_name':'Ann','last_name':''}]}");
    const auto contacts = ada.call("{'_cons':'contacts.getContacts','hash':0}");
    for (const auto& user : contacts["users"].items()) {
      if (user["first_name"].text() == "Ann") to_ann = Client::input("inputPeerUser", user);
    }
    to_ada = ann.peer("ada_lovelace");
    fixture.deliver();
    ada.updates();
    ann.updates();
  }
};

}  // namespace

TEST_CASE("a message reaches the other side with its own id, its pts and its author") {
  Two t;
  const auto before = t.ann.pts();
  const auto sent = t.ada.send(t.to_ann, "hello");
  CHECK(sent.constructor() == "updateShortSentMessage");
  CHECK(number(sent["pts_count"]) == 1);
  CHECK(sent["out"].as_bool());
  REQUIRE(t.ann.heard.size() == 1);
  const auto& heard = t.ann.heard[0];
  CHECK(heard.constructor() == "updates");
  REQUIRE(heard["users"].items().size() == 1);
  CHECK(heard["users"].items()[0]["first_name"].text() == "Ada");
  const auto& update = heard["updates"].items()[0];
  CHECK(update["message"]["message"].text() == "hello");
  CHECK_FALSE(update["message"]["out"].as_bool());
  CHECK(number(update["pts"]) == before + 1);
  CHECK(t.ann.pts() == before + 1);
  CHECK(t.ada.heard.empty());  // its answer said it
}

TEST_CASE("the sender's other sessions hear what it sent, the calling one does not") {
  Two t;
  Client phone(t.fixture);
  phone.sign_in("9996620001", "22222");
  Client tab(t.fixture, 2, t.ada.address().key);
  tab.call("{'_cons':'updates.getState'}");
  t.ada.updates();
  t.ada.send(t.to_ann, "hello");
  CHECK(t.ada.heard.empty());
  for (auto* other : {&phone, &tab}) {
    const auto heard = other->updates();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0]["message"]["out"].as_bool());
  }
}

TEST_CASE("a session that asked for no updates gets none") {
  Two t;
  Client quiet(t.fixture, 2, t.ann.address().key);
  auto query = quiet.encoded(*tl::read_json(R"({"_cons":"updates.getState"})", quiet.arena()));
  tl::Bytes wrapped;
  tl::Writer(wrapped).nat(0xbf9459b7).raw(query);
  quiet.raw(quiet.wrapped(wrapped));
  t.ada.send(t.to_ann, "hello");
  CHECK(quiet.heard.empty());
  CHECK(t.ann.heard.size() == 1);
}

TEST_CASE("what can't be sent is refused with Telegram's words") {
  Two t;
  const auto send = [&](const std::string& peer, const std::string& text,
                        const std::string& more = "") {
    return t.ada.refused("{'_cons':'messages.sendMessage','peer':" + peer + ",'message':'" + text +
                         "'" + more + "}");
  };
  CHECK(send(t.to_ann, "") == "400 MESSAGE_EMPTY");
  CHECK(send(t.to_ann, " \\n ") == "400 MESSAGE_EMPTY");
  CHECK(send(t.to_ann, std::string(4096, 'x')) == "");
  CHECK(send(t.to_ann, std::string(4097, 'x')) == "400 MESSAGE_TOO_LONG");
  CHECK(send("{'_cons':'inputPeerUser','user_id':1000101,'access_hash':0}", "x") == "");  // self
  CHECK(send("{'_cons':'inputPeerUser','user_id':1000102,'access_hash':1}", "x") ==
        "400 PEER_ID_INVALID");
  CHECK(send("{'_cons':'inputPeerUser','user_id':5,'access_hash':0}", "x") ==
        "400 PEER_ID_INVALID");
  CHECK(send("{'_cons':'inputPeerEmpty'}", "x") == "400 PEER_ID_INVALID");
  CHECK(send("{'_cons':'inputPeerChat','chat_id':999}", "x") == "400 PEER_ID_INVALID");
  CHECK(send(t.to_ann, "x", ",'random_id':77") == "");
  CHECK(send(t.to_ann, "x", ",'random_id':77") == "500 RANDOM_ID_DUPLICATE");
  CHECK(send(t.to_ann, "x", ",'reply_to':{'_cons':'inputReplyToMessage','reply_to_msg_id':9999}") ==
        "400 REPLY_MESSAGE_ID_INVALID");
}

TEST_CASE("the echo bot types at once and answers a second later, whoever it is") {
  Two t;
  t.ada.send(t.ada.peer("echobot"), "are you there?");
  t.fixture.pass(std::chrono::milliseconds(10));
  auto heard = t.ada.updates();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].constructor() == "updateUserTyping");
  CHECK(heard[0]["action"].constructor() == "sendMessageTypingAction");
  t.fixture.pass(std::chrono::milliseconds(980));
  CHECK(t.ada.updates().empty());
  t.fixture.pass(std::chrono::milliseconds(10));
  heard = t.ada.updates();
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].constructor() == "updateReadHistoryOutbox");
  CHECK(heard[1]["message"]["message"].text() == "are you there?");
  CHECK(number(heard[1]["pts"]) == t.ada.pts());
}

TEST_CASE("an edited message is edited for everybody, by its author only") {
  Two t;
  const auto id = std::to_string(number(t.ada.send(t.to_ann, "helo")["id"]));
  const auto theirs = std::to_string(number(t.ann.updates()[0]["message"]["id"]));
  const auto edit = [](Client& client, const std::string& peer, const std::string& message,
                       const std::string& text) {
    return client.refused("{'_cons':'messages.editMessage','peer':" + peer + ",'id':" + message +
                          ",'message':'" + text + "'}");
  };
  CHECK(edit(t.ada, t.to_ann, id, "helo") == "400 MESSAGE_NOT_MODIFIED");
  CHECK(edit(t.ada, t.to_ann, id, "") == "400 MESSAGE_EMPTY");
  CHECK(edit(t.ada, t.to_ann, "4711", "x") == "400 MESSAGE_ID_INVALID");
  CHECK(edit(t.ada, t.ada.peer("echobot"), id, "x") == "400 MESSAGE_ID_INVALID");
  CHECK(edit(t.ann, t.to_ada, theirs, "x") == "403 MESSAGE_AUTHOR_REQUIRED");
  CHECK(edit(t.ada, t.to_ann, id, "hello") == "");
  const auto heard = t.ann.updates();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].constructor() == "updateEditMessage");
  CHECK(heard[0]["message"]["message"].text() == "hello");
  CHECK(number(heard[0]["message"]["edit_date"]) > 0);
  t.fixture.pass(std::chrono::hours(49));
  CHECK(edit(t.ada, t.to_ann, id, "late") == "400 MESSAGE_EDIT_TIME_EXPIRED");
}

TEST_CASE("deleting takes a message from one box, revoking from both") {
  Two t;
  const auto one = number(t.ada.send(t.to_ann, "one")["id"]);
  const auto two = number(t.ada.send(t.to_ann, "two")["id"]);
  t.ann.updates();
  const auto remove = [&](std::int64_t id, const char* more) {
    return t.ada.call("{'_cons':'messages.deleteMessages','id':[" + std::to_string(id) + "]" +
                      more + "}");
  };
  const auto pts = t.ada.pts();
  CHECK(number(remove(one, "")["pts"]) == pts + 1);
  CHECK(t.ann.updates().empty());
  CHECK(number(remove(one, "")["pts_count"]) == 0);
  CHECK(number(remove(two, ",'revoke':true")["pts_count"]) == 1);
  const auto heard = t.ann.updates();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].constructor() == "updateDeleteMessages");
  const auto left = t.ann.call("{'_cons':'messages.getHistory','peer':" + t.to_ada + "}");
  REQUIRE(left["messages"].items().size() == 1);
  CHECK(left["messages"].items()[0]["message"].text() == "one");
}

TEST_CASE("reading tells the author how far") {
  Two t;
  t.ada.send(t.to_ann, "one");
  const auto two = number(t.ada.send(t.to_ann, "two")["id"]);
  const auto dialogs = t.ann.call(
      "{'_cons':'messages.getPeerDialogs','peers':[{'_cons':"
      "'inputDialogPeer','peer':" +
      t.to_ada + "}]}");
  CHECK(number(dialogs["dialogs"].items()[0]["unread_count"]) == 2);
  const auto pts = t.ann.pts();
  const auto read =
      t.ann.call("{'_cons':'messages.readHistory','peer':" + t.to_ada + ",'max_id':0}");
  CHECK(number(read["pts"]) == pts + 1);
  CHECK(number(read["pts_count"]) == 1);
  const auto heard = t.ada.updates();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].constructor() == "updateReadHistoryOutbox");
  CHECK(number(heard[0]["max_id"]) == two);
  CHECK(number(t.ann.call("{'_cons':'messages.readHistory','peer':" + t.to_ada +
                          ",'max_id':0}")["pts_count"]) == 0);
  CHECK(t.ada.updates().empty());
}

TEST_CASE("a forwarded message says whose it was") {
  Two t;
  const auto id = std::to_string(number(t.ann.send(t.to_ada, "to be passed on")["id"]));
  const auto ours = std::to_string(number(t.ada.updates()[0]["message"]["id"]));
  const auto forward = [&](const std::string& ids, const std::string& randoms) {
    return t.ada.call("{'_cons':'messages.forwardMessages','from_peer':" + t.to_ann + ",'id':[" +
                      ids + "],'random_id':[" + randoms + "],'to_peer':{'_cons':'inputPeerSelf'}}");
  };
  CHECK(forward("", "")["error_message"].text() == "MESSAGE_IDS_EMPTY");
  CHECK(forward(ours, "1,2")["error_message"].text() == "RANDOM_ID_INVALID");
  CHECK(forward("4711", "1")["error_message"].text() == "MESSAGE_ID_INVALID");
  const auto done = forward(ours, "99");
  CHECK(done["updates"].items()[0].constructor() == "updateMessageID");
  CHECK(number(done["updates"].items()[0]["random_id"]) == 99);
  const auto& message = done["updates"].items()[1]["message"];
  CHECK(message["fwd_from"]["from_id"].constructor() == "peerUser");
  CHECK(message["message"].text() == "to be passed on");
}

TEST_CASE("what is forwarded to oneself says where it was, and who had forwarded it to there") {
  Two t;
  std::int64_t random = 0;
  const auto forward = [&](const std::string& from, std::int64_t id, const std::string& to) {
    const auto done = t.ada.call("{'_cons':'messages.forwardMessages','from_peer':" + from +
                                 ",'id':[" + std::to_string(id) + "],'random_id':[" +
                                 std::to_string(++random) + "],'to_peer':" + to + "}");
    return done["updates"].items()[1]["message"];
  };
  const std::string self = "{'_cons':'inputPeerSelf'}";
  t.ann.send(t.to_ada, "hers");
  const auto hers = number(t.ada.updates()[0]["message"]["id"]);
  const auto kept = forward(t.to_ann, hers, self);
  const auto& first = kept["fwd_from"];
  const auto ann = number(first["from_id"]["user_id"]);
  CHECK(number(first["saved_from_peer"]["user_id"]) == ann);
  CHECK(number(first["saved_from_msg_id"]) == hers);
  CHECK(first["saved_from_id"].is_null());
  CHECK(number(kept["saved_peer_id"]["user_id"]) == ann);
  // To others it says no more than whose it was.
  const auto back = forward(self, number(kept["id"]), t.to_ann);
  CHECK(number(back["fwd_from"]["from_id"]["user_id"]) == ann);
  CHECK(back["fwd_from"]["saved_from_peer"].is_null());
  const auto again = forward(t.to_ann, number(back["id"]), self);
  const auto& second = again["fwd_from"];
  CHECK(number(second["saved_from_msg_id"]) == number(back["id"]));
  CHECK(number(second["saved_from_id"]["user_id"]) == number(kept["peer_id"]["user_id"]));
  CHECK(number(second["saved_date"]) == number(back["date"]));
  CHECK(second["saved_out"].as_bool());
}

TEST_CASE("nobody has told stories, and whose they are is said") {
  Two t;
  const auto none = t.ada.call("{'_cons':'stories.getPeerStories','peer':" + t.to_ann + "}");
  CHECK(none["stories"]["peer"].constructor() == "peerUser");
  CHECK(number(none["stories"]["peer"]["user_id"]) == number(none["users"].items()[0]["id"]));
  CHECK(none["stories"]["stories"].items().empty());
}

TEST_CASE("one's own notes are forwarded without a name") {
  Two t;
  const auto id = std::to_string(number(t.ada.send("{'_cons':'inputPeerSelf'}", "mine")["id"]));
  const auto done = t.ada.call(
      "{'_cons':'messages.forwardMessages','from_peer':{'_cons':'inputPeerSelf'},'id':[" + id +
      "],'random_id':[77],'to_peer':" + t.to_ann + "}");
  CHECK(done["updates"].items()[1]["message"]["fwd_from"].is_null());
}

TEST_CASE("what somebody keeps for themselves is not outgoing and says whose it is") {
  Two t;
  Client elsewhere(t.fixture, 2, t.ada.address().key);
  elsewhere.call("{'_cons':'updates.getState'}");
  const auto sent = t.ada.send("{'_cons':'inputPeerSelf'}", "mine");
  CHECK_FALSE(sent["out"].as_bool());
  const auto message = elsewhere.updates()[0]["message"];
  CHECK_FALSE(message["out"].as_bool());
  CHECK(message["saved_peer_id"]["user_id"].as_int64() == message["peer_id"]["user_id"].as_int64());
  CHECK(t.ada.send(t.to_ann, "yours")["out"].as_bool());
  CHECK(elsewhere.updates()[0]["message"]["saved_peer_id"].is_null());
}

TEST_CASE("what was kept is found by whom it came from, and counted") {
  Two t;
  t.ada.send("{'_cons':'inputPeerSelf'}", "mine");
  t.ann.send(t.to_ada, "hers");
  const auto theirs = std::to_string(number(t.ada.updates()[0]["message"]["id"]));
  t.ada.call("{'_cons':'messages.forwardMessages','from_peer':" + t.to_ann + ",'id':[" + theirs +
             "],'random_id':[7],'to_peer':{'_cons':'inputPeerSelf'}}");
  const auto kept = [&](const std::string& peer) {
    std::string out;
    const auto found = t.ada.call("{'_cons':'messages.getSavedHistory','peer':" + peer +
                                  ",'offset_id':0,'offset_date':0,'add_offset':0,'limit':10,"
                                  "'max_id':0,'min_id':0,'hash':0}");
    for (const auto& one : found["messages"].items()) out += one["message"].text();
    return out;
  };
  CHECK(kept("{'_cons':'inputPeerSelf'}") == "mine");
  CHECK(kept(t.to_ann) == "hers");
  const auto counters = t.ada.call(
      "{'_cons':'messages.getSearchCounters','peer':{'_cons':'inputPeerSelf'},"
      "'filters':[{'_cons':'inputMessagesFilterPhotos'},"
      "{'_cons':'inputMessagesFilterEmpty'}]}");
  REQUIRE(counters.items().size() == 2);
  CHECK(number(counters.items()[0]["count"]) == 0);
  CHECK(counters.items()[0]["filter"].constructor() == "inputMessagesFilterPhotos");
  CHECK(number(counters.items()[1]["count"]) == 2);
}

TEST_CASE("a pinned message is pinned for both sides, with words about it") {
  Two t;
  const auto id = std::to_string(number(t.ada.send(t.to_ann, "the plan")["id"]));
  t.ann.updates();
  const auto pin = "{'_cons':'messages.updatePinnedMessage','peer':" + t.to_ann + ",'id':" + id;
  const auto before = t.ada.pts();
  const auto done = t.ada.call(pin + "}");
  CHECK(done["updates"].items()[0].constructor() == "updatePinnedMessages");
  CHECK(t.ada.pts() == before + 2);
  const auto heard = t.ann.updates();
  REQUIRE(heard.size() == 2);
  CHECK(heard[0]["pinned"].as_bool());
  CHECK(heard[1]["message"]["action"].constructor() == "messageActionPinMessage");
  CHECK(heard[1]["message"]["reply_to"]["reply_to_msg_id"].as_int64() ==
        heard[0]["messages"].items()[0].as_int64());
  CHECK(t.ada.refused(pin + "}") == "400 CHAT_NOT_MODIFIED");
  CHECK(t.ada.refused("{'_cons':'messages.updatePinnedMessage','peer':" + t.to_ann +
                      ",'id':4711}") == "400 MESSAGE_ID_INVALID");
  const auto found =
      t.ann.call("{'_cons':'messages.search','peer':" + t.to_ada +
                 ",'q':'','filter':{'_cons':'inputMessagesFilterPinned'},'min_date':0,'max_date':0,"
                 "'offset_id':0,'add_offset':0,'limit':10,'max_id':0,'min_id':0,'hash':0}");
  REQUIRE(found["messages"].items().size() == 1);
  CHECK(found["messages"].items()[0]["pinned"].as_bool());
  CHECK(number(t.ada.call("{'_cons':'messages.unpinAllMessages','peer':" + t.to_ann +
                          "}")["pts_count"]) == 1);
  CHECK_FALSE(t.ann.updates()[0]["pinned"].as_bool());
}

TEST_CASE(
    "a draft is told to the other sessions, shown with its dialog, and gone when it is sent") {
  Two t;
  Client elsewhere(t.fixture, 2, t.ada.address().key);
  elsewhere.call("{'_cons':'updates.getState'}");
  t.ada.call("{'_cons':'messages.saveDraft','peer':" + t.to_ann + ",'message':'dear Ann'}");
  CHECK(elsewhere.updates()[0]["draft"]["message"].text() == "dear Ann");
  const auto all = t.ada.call("{'_cons':'messages.getAllDrafts'}");
  REQUIRE(all["updates"].items().size() == 1);
  const auto shown = t.ada.call(
      "{'_cons':'messages.getPeerDialogs','peers':["
      "{'_cons':'inputDialogPeer','peer':" +
      t.to_ann + "}]}");
  CHECK(shown["dialogs"].items()[0]["draft"]["message"].text() == "dear Ann");
  t.ada.call("{'_cons':'messages.sendMessage','clear_draft':true,'peer':" + t.to_ann +
             ",'message':'dear Ann'}");
  CHECK(elsewhere.updates()[0]["draft"].constructor() == "draftMessageEmpty");
  CHECK(t.ada.call("{'_cons':'messages.getAllDrafts'}")["updates"].items().empty());
  t.ada.call("{'_cons':'messages.saveDraft','peer':" + t.to_ann + ",'message':'and'}");
  t.ada.call("{'_cons':'messages.clearAllDrafts'}");
  CHECK(t.ada.call("{'_cons':'messages.getAllDrafts'}")["updates"].items().empty());
}

TEST_CASE("a reaction is counted for both sides, one of each user, and taken back") {
  Two t;
  const auto id = std::to_string(number(t.ada.send(t.to_ann, "tea?")["id"]));
  const auto theirs = std::to_string(number(t.ann.updates()[0]["message"]["id"]));
  const auto react = [](Client& who, const std::string& peer, const std::string& message,
                        const std::string& emoji) {
    const auto list = emoji.empty() ? "" : "{'_cons':'reactionEmoji','emoticon':'" + emoji + "'}";
    return who.call("{'_cons':'messages.sendReaction','peer':" + peer + ",'msg_id':" + message +
                    ",'reaction':[" + list + "]}");
  };
  const auto done = react(t.ann, t.to_ada, theirs, "👍");
  CHECK(done["updates"].items()[0].constructor() == "updateMessageReactions");
  react(t.ada, t.to_ann, id, "👍");
  t.ada.updates();
  CHECK(react(t.ada, t.to_ann, id, "👍")["error_message"].text() == "MESSAGE_NOT_MODIFIED");
  CHECK(react(t.ada, t.to_ann, id, "tea")["error_message"].text() == "REACTION_INVALID");
  CHECK(react(t.ada, t.to_ann, "4711", "👍")["error_message"].text() == "MESSAGE_ID_INVALID");
  const auto counts = t.ann.updates().back()["reactions"]["results"];
  REQUIRE(counts.items().size() == 1);
  CHECK(number(counts.items()[0]["count"]) == 2);
  CHECK(number(counts.items()[0]["chosen_order"]) == 0);
  const auto listed = t.ada.call("{'_cons':'messages.getMessageReactionsList','peer':" + t.to_ann +
                                 ",'id':" + id + ",'limit':10}");
  CHECK(number(listed["count"]) == 2);
  CHECK(listed["users"].items().size() == 2);
  react(t.ann, t.to_ada, theirs, "");
  const auto left = t.ada.call("{'_cons':'messages.getMessagesReactions','peer':" + t.to_ann +
                               ",'id':[" + id + "]}")["updates"];
  CHECK(number(left.items()[0]["reactions"]["results"].items()[0]["count"]) == 1);
  const auto page = t.ada.call("{'_cons':'messages.getHistory','peer':" + t.to_ann + "}");
  CHECK(page["messages"].items()[0]["reactions"]["recent_reactions"].items().size() == 1);
}

TEST_CASE("a dialog that was marked as unread is listed as such") {
  Two t;
  Client elsewhere(t.fixture, 2, t.ada.address().key);
  elsewhere.call("{'_cons':'updates.getState'}");
  t.ada.send(t.to_ann, "hello");
  elsewhere.updates();
  const auto mark = [&](const std::string& unread) {
    return t.ada.call("{'_cons':'messages.markDialogUnread'" + unread +
                      ",'peer':{'_cons':'inputDialogPeer','peer':" + t.to_ann + "}}");
  };
  CHECK(mark(",'unread':true").as_bool());
  CHECK(elsewhere.updates()[0]["unread"].as_bool());
  CHECK(t.ada.call("{'_cons':'messages.getDialogUnreadMarks'}").items().size() == 1);
  mark("");
  CHECK(t.ada.call("{'_cons':'messages.getDialogUnreadMarks'}").items().empty());
}

TEST_CASE("history is paged by id, offset and limit") {
  Two t;
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 10; ++i) {
    ids.push_back(number(t.ada.send(t.to_ann, "m" + std::to_string(i))["id"]));
  }
  const auto page = [&](const std::string& more) {
    const auto answer =
        t.ada.call("{'_cons':'messages.getHistory','peer':" + t.to_ann + more + "}");
    std::string out;
    for (const auto& message : answer["messages"].items()) out += message["message"].text();
    return out;
  };
  CHECK(page("") == "m9m8m7m6m5m4m3m2m1m0");
  CHECK(page(",'limit':3") == "m9m8m7");
  CHECK(page(",'limit':3,'offset_id':" + std::to_string(ids[7])) == "m6m5m4");
  CHECK(page(",'limit':3,'add_offset':-2,'offset_id':" + std::to_string(ids[7])) == "m8m7m6");
  CHECK(page(",'limit':3,'add_offset':8") == "m1m0");
  CHECK(page(",'min_id':" + std::to_string(ids[7])) == "m9m8");
  CHECK(page(",'max_id':" + std::to_string(ids[2])) == "m1m0");
  CHECK(page(",'limit':2,'add_offset':-5") == "");
  CHECK(t.ada.call("{'_cons':'messages.getHistory','peer':" + t.to_ann + ",'limit':3}")
            .constructor() == "messages.messagesSlice");
  CHECK(t.ada
            .call("{'_cons':'messages.search','peer':" + t.to_ann +
                  ",'q':'M4','filter':{'_cons':'inputMessagesFilterEmpty'},'min_date':0,"
                  "'max_date':0}")["messages"]
            .items()
            .size() == 1);
}

TEST_CASE("the first dialogs show every kind of entity at its place") {
  Fixture fixture;
  Client ada(fixture);
  ada.sign_in("9996620001", "22222");
  const auto dialogs = ada.call(
      "{'_cons':'messages.getDialogs','offset_date':0,'offset_id':0,"
      "'offset_peer':{'_cons':'inputPeerEmpty'},'limit':0}");
  CHECK(dialogs.constructor() == "messages.dialogs");
  CHECK(dialogs["dialogs"].items().size() == 7);
  const auto history =
      ada.call("{'_cons':'messages.getHistory','peer':" + ada.peer("grace_hopper") + "}");
  std::set<std::string_view> kinds;
  for (const auto& message : history["messages"].items()) {
    for (const auto& entity : message["entities"].items()) kinds.insert(entity.constructor());
    const auto first = message["entities"].items();
    if (first.size() > 10) {
      CHECK(number(first[0]["offset"]) == 3);  // behind a character of two units and a blank
      CHECK(number(first[0]["length"]) == 4);
    }
  }
  CHECK(kinds.size() == 19);
}

TEST_CASE("fifty accounts hear exactly what is theirs") {
  Fixture fixture;
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<std::string> inputs;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<Client>(fixture));
    const auto phone = std::to_string(9996625000 + i);
    clients.back()->sign_up(phone, "N" + std::to_string(i));
    clients.back()->call("{'_cons':'account.updateUsername','username':'number" +
                         std::to_string(i) + "'}");
  }
  for (auto& client : clients) client->updates();
  for (int i = 0; i < 50; ++i) {
    const auto to = clients[i]->peer("number" + std::to_string((i + 1) % 50));
    clients[i]->send(to, "from " + std::to_string(i));
  }
  for (int i = 0; i < 50; ++i) {
    const auto heard = clients[i]->updates();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0]["message"]["message"].text() == "from " + std::to_string((i + 49) % 50));
  }
}
