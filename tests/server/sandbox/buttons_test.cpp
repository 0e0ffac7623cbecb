#include <catch2/catch.hpp>

#include "tests/server/sandbox/fixture.hpp"

using namespace fixture;

namespace {

// Ada, and whoever is signed in as @buttonbot.
struct Bots {
  Fixture fixture;
  Client ada{fixture}, bot{fixture};
  std::string to_bot, to_ada;

  explicit Bots(bool by_itself = false) {
    ada.sign_in("9996620001", "22222");
    to_bot = ada.peer("buttonbot");
    if (by_itself) return;
    bot.call(
        "{'_cons':'auth.importBotAuthorization','flags':0,'api_id':1,'api_hash':'x',"
        "'bot_auth_token':'1000002:sandbox-buttonbot'}");
    to_ada = bot.peer("ada_lovelace");
  }

  // The message with buttons that @buttonbot shows of itself.
  Value shown() {
    ada.send(to_bot, "/start");
    fixture.pass(std::chrono::seconds(2));
    return ada.updates().back()["message"];
  }
  // Nothing is said at once.
  void press(std::int64_t message, std::string_view data) {
    const tl::Builder make(ada.arena());
    const auto peer = tl::read_json(as_json(to_bot), ada.arena());
    const auto call = make.object("messages.getBotCallbackAnswer",
                                  {{"peer", *peer},
                                   {"msg_id", Value::integer(message)},
                                   {"data", make.bytes(tl::Bytes(data.begin(), data.end()))}});
    request = ada.next_message();
    CHECK(ada.raw(ada.encoded(call)).empty());
  }
  Value answer() {
    const auto answers = fixture.dispatcher.take_answers();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].to == ada.address());
    CHECK(answers[0].request == request);
    return ada.decode(answers[0].body, ada.schema->find_type("messages.BotCallbackAnswer").value());
  }

  mtproto::MessageId request{};
};

std::string with_buttons(const std::string& peer, const std::string& markup) {
  return "{'_cons':'messages.sendMessage','peer':" + peer +
         ",'message':'choose','reply_markup':" + markup + "}";
}

std::string inline_button(const std::string& data) {
  return "{'_cons':'replyInlineMarkup','rows':[{'_cons':'keyboardButtonRow','buttons':["
         "{'_cons':'keyboardButtonCallback','text':'A','data':'" +
         data + "'}]}]}";
}

}  // namespace

TEST_CASE("@buttonbot shows buttons and answers whoever presses one") {
  Bots b(true);
  const auto message = b.shown();
  CHECK(message["message"].text() == "Press a button.");
  const auto& rows = message["reply_markup"]["rows"].items();
  REQUIRE(rows.size() == 3);
  CHECK(rows[0]["buttons"].items()[0].constructor() == "keyboardButtonCallback");
  CHECK(rows[2]["buttons"].items()[0]["url"].text() == "https://example.org/");

  b.press(number(message["id"]), "hello");
  b.fixture.pass(std::chrono::milliseconds(1));
  const auto hello = b.answer();
  CHECK(hello["message"].text() == "Hello, Ada!");
  CHECK_FALSE(hello["alert"].as_bool());
  b.press(number(message["id"]), "alert");
  b.fixture.pass(std::chrono::milliseconds(1));
  CHECK(b.answer()["alert"].as_bool());

  b.ada.updates();
  b.press(number(message["id"]), "count:0");
  b.fixture.pass(std::chrono::milliseconds(1));
  CHECK(b.answer()["message"].is_null());
  const auto edited = b.ada.updates();
  REQUIRE(edited.size() == 1);
  CHECK(edited[0].constructor() == "updateEditMessage");
  const auto& count = edited[0]["message"]["reply_markup"]["rows"].items()[1]["buttons"].items()[0];
  CHECK(count["text"].text() == "Count: 1");
}

TEST_CASE("a press waits for the bot's answer where somebody is signed in as it") {
  Bots b;
  b.ada.send(b.to_bot, "hi");
  b.fixture.pass(std::chrono::seconds(2));
  b.bot.updates();
  b.bot.call(with_buttons(b.to_ada, inline_button("QQ==")));
  const auto message = b.ada.updates().back()["message"];
  CHECK(message["message"].text() == "choose");

  b.press(number(message["id"]), "A");
  CHECK(b.fixture.dispatcher.take_answers().empty());
  const auto asked = b.bot.updates().back();
  REQUIRE(asked.constructor() == "updateBotCallbackQuery");
  CHECK(number(asked["user_id"]) == 1000101);
  const auto query = std::to_string(asked["query_id"].as_int64().value());
  const auto set = "{'_cons':'messages.setBotCallbackAnswer','query_id':" + query +
                   ",'message':'done','cache_time':0}";
  CHECK(b.ada.refused(set) == "400 USER_BOT_REQUIRED");
  CHECK(b.bot.refused(set) == "");
  CHECK(b.answer()["message"].text() == "done");
  CHECK(b.bot.refused(set) == "400 QUERY_ID_INVALID");
}

TEST_CASE("a press that no bot answers ends after ten seconds") {
  Bots b;
  b.bot.call(with_buttons(b.to_ada, inline_button("QQ==")));
  b.press(number(b.ada.updates().back()["message"]["id"]), "A");
  b.fixture.pass(std::chrono::seconds(9));
  CHECK(b.fixture.dispatcher.take_answers().empty());
  b.fixture.pass(std::chrono::seconds(2));
  CHECK(b.answer()["error_message"].text() == "BOT_RESPONSE_TIMEOUT");
}

TEST_CASE("only buttons that are there can be pressed, and only bots show them") {
  Bots b;
  b.bot.call(with_buttons(b.to_ada, inline_button("QQ==")));
  const auto id = std::to_string(number(b.ada.updates().back()["message"]["id"]));
  CHECK(b.ada.refused("{'_cons':'messages.getBotCallbackAnswer','peer':" + b.to_bot +
                      ",'msg_id':" + id + ",'data':'Qg=='}") == "400 DATA_INVALID");
  b.ada.call(with_buttons(b.to_bot, inline_button("QQ==")));
  CHECK(b.bot.updates().back()["message"]["reply_markup"].is_null());
  CHECK(b.bot.refused(with_buttons(b.to_ada, "{'_cons':'replyInlineMarkup','rows':[]}")) ==
        "400 REPLY_MARKUP_INVALID");
  CHECK(b.bot.refused(with_buttons(b.to_ada, inline_button(""))) == "400 BUTTON_DATA_INVALID");
  CHECK(b.bot.refused(with_buttons(
            b.to_ada,
            "{'_cons':'replyKeyboardMarkup','resize':true,'rows':[{'_cons':"
            "'keyboardButtonRow','buttons':[{'_cons':'keyboardButton','text':'Yes'}]}]}")) == "");
  CHECK(b.ada.updates().back()["message"]["reply_markup"]["resize"].as_bool());
}

TEST_CASE("a bot's commands are listed where they were set, and told to those who talk with it") {
  Bots b;
  b.ada.send(b.to_bot, "hi");
  b.ada.updates();
  const auto set = [&](const std::string& language, const std::string& command) {
    return b.bot.refused(
        "{'_cons':'bots.setBotCommands','scope':{'_cons':'botCommandScopeDefault'},"
        "'lang_code':'" +
        language + "','commands':[{'_cons':'botCommand','command':'" + command +
        "','description':'x'}]}");
  };
  CHECK(set("", "No good") == "400 BOT_COMMAND_INVALID");
  CHECK(set("", "brew") == "");
  CHECK(set("de", "aufgiessen") == "");
  CHECK(b.ada.updates()[0].constructor() == "updateBotCommands");
  const auto get = [&](const std::string& language) {
    return b.bot.call(
        "{'_cons':'bots.getBotCommands','scope':{'_cons':'botCommandScopeDefault'},"
        "'lang_code':'" +
        language + "'}");
  };
  CHECK(get("de").items()[0]["command"].text() == "aufgiessen");
  CHECK(get("fr").items().empty());
  const auto found = b.ada.call("{'_cons':'contacts.resolveUsername','username':'buttonbot'}");
  const auto full = b.ada.call("{'_cons':'users.getFullUser','id':" +
                               Client::input("inputUser", found["users"].items()[0]) + "}");
  CHECK(full["full_user"]["bot_info"]["commands"].items()[0]["command"].text() == "brew");
  CHECK(b.bot.refused("{'_cons':'bots.resetBotCommands','scope':{'_cons':'botCommandScopeDefault'},"
                      "'lang_code':''}") == "");
  CHECK(get("").items().empty());
}
