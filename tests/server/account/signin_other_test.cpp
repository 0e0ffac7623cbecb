// Signing in otherwise, signing out, asking where we are, being sent elsewhere, and what is
// refused.
#include <catch2/catch.hpp>

#include "tests/server/account/dialogue.hpp"

using support::Dialogue;

namespace {
const std::string start = R"(reply {"state":"start"})";
}

TEST_CASE("a bot signs in by its token") {
  Dialogue dialogue;
  CHECK(dialogue.step(R"({"bot_token":"1:x"})") ==
        R"(call {"_cons":"auth.importBotAuthorization","flags":0,"api_id":12345,)"
        R"("api_hash":"0123456789abcdef","bot_auth_token":"1:x"})");
  CHECK(dialogue.answer(support::authorization) == support::done_reply);
}

TEST_CASE("a wrong token stays at the start") {
  Dialogue dialogue;
  dialogue.step(R"({"bot_token":"1:x"})");
  CHECK(
      dialogue.error(400, "ACCESS_TOKEN_INVALID").starts_with(R"(reply {"state":"start","error")"));
}

TEST_CASE("where an account lives elsewhere the sign-in follows and asks again there") {
  for (const auto* migrate : {"PHONE_MIGRATE_1", "USER_MIGRATE_1", "NETWORK_MIGRATE_1"}) {
    Dialogue dialogue;
    const auto call = dialogue.step(R"({"phone":"9996610003"})");
    CHECK(dialogue.error(303, migrate) == "move 1");
    CHECK(dialogue.moved() == call);
    CHECK(dialogue.answer(support::sent_code).starts_with(R"(reply {"state":"code")"));
  }
  Dialogue bot;
  const auto call = bot.step(R"({"bot_token":"1:x"})");
  CHECK(bot.error(303, "USER_MIGRATE_4") == "move 4");
  CHECK(bot.moved() == call);
  CHECK(bot.answer(support::authorization) == support::done_reply);
}

TEST_CASE("being sent around for ever ends") {
  Dialogue dialogue;
  dialogue.step(R"({"phone":"9996610003"})");
  for (int i = 0; i < 3; ++i) {
    CHECK(dialogue.error(303, "PHONE_MIGRATE_1") == "move 1");
    dialogue.moved();
  }
  CHECK(dialogue.error(303, "PHONE_MIGRATE_1").find("PHONE_MIGRATE") != std::string::npos);
}

TEST_CASE("a file's migration is no reason to move") {
  Dialogue dialogue;
  dialogue.step(R"({"phone":"1"})");
  CHECK(dialogue.error(303, "FILE_MIGRATE_1").starts_with("reply"));
}

TEST_CASE("without a key nobody is asked where we are") {
  Dialogue dialogue;
  CHECK(dialogue.step("{}") == start);
}

TEST_CASE("with a key Telegram is asked where we are") {
  Dialogue dialogue;
  dialogue.context.authorized_unknown = true;
  CHECK(dialogue.step("{}") ==
        R"(call {"_cons":"users.getUsers","id":[{"_cons":"inputUserSelf"}]})");
  SECTION("somebody is signed in") {
    CHECK(dialogue.answer(R"([{"_cons":"user","id":7,"first_name":"Ada"}])") ==
          support::done_reply);
    CHECK(dialogue.signin().user_id() == 7);
  }
  SECTION("told as a vector object") {
    CHECK(dialogue.answer(
              R"({"_cons":"vector","_items":[{"_cons":"user","id":7,"first_name":"Ada"}]})") ==
          support::done_reply);
  }
  SECTION("nobody is") {
    CHECK(dialogue.error(401, "AUTH_KEY_UNREGISTERED") == start);
    // It may be different next time.
    CHECK(dialogue.step("{}").starts_with("call"));
  }
  SECTION("the session was ended elsewhere") {
    CHECK(dialogue.error(401, "SESSION_REVOKED").starts_with(R"(reply {"state":"start","error")"));
  }
  SECTION("the password is missing") {
    CHECK(dialogue.error(401, "SESSION_PASSWORD_NEEDED") ==
          R"(call {"_cons":"account.getPassword"})");
    CHECK(dialogue.answer(R"({"_cons":"account.password","has_recovery":true,"hint":"h",)"
                          R"("current_algo":{"_cons":"passwordKdfAlgoUnknown"}})") ==
          R"(reply {"state":"password","hint":"h","has_recovery":true})");
  }
  SECTION("Telegram has no time") {
    CHECK(dialogue.error(420, "FLOOD_WAIT_5").starts_with(R"(reply {"state":"start","error")"));
  }
}

TEST_CASE("signing out ends at the start") {
  Dialogue dialogue;
  dialogue.step(R"({"bot_token":"1:x"})");
  dialogue.answer(support::authorization);
  CHECK(dialogue.step(R"({"sign_out":true})") == R"(call {"_cons":"auth.logOut"})");
  SECTION("as it should be") { CHECK(dialogue.answer(R"({"_cons":"auth.loggedOut"})") == start); }
  SECTION("with what lets in again without a code") {
    CHECK(dialogue.answer(R"({"_cons":"auth.loggedOut","future_auth_token":"AAEC"})") ==
          R"(reply {"state":"start","future_auth_token":"AAEC"})");
    CHECK(dialogue.step("{}") == start);
  }
  SECTION("though nobody was signed in") {
    CHECK(dialogue.error(401, "AUTH_KEY_UNREGISTERED") == start);
  }
  CHECK_FALSE(dialogue.signin().user_id());
}

TEST_CASE("an error of signing out leaves us signed in") {
  Dialogue dialogue;
  dialogue.step(R"({"bot_token":"1:x"})");
  dialogue.answer(support::authorization);
  dialogue.step(R"({"sign_out":true})");
  CHECK(dialogue.error(500, "RPC_CALL_FAIL").starts_with(R"(reply {"state":"done")"));
  CHECK(dialogue.signin().user_id() == 7);
}

TEST_CASE("steps that do not fit the state are refused") {
  Dialogue dialogue;
  for (const auto* step :
       {R"({"code":"1"})", R"({"password":"x"})", R"({"first_name":"A"})", R"({"email":"a"})",
        R"({"email_code":"1"})", R"({"resend":true})", R"({"recover":true})",
        R"({"recovery_code":"1"})", R"({"sign_out":true})"}) {
    INFO(step);
    CHECK(dialogue.step(step) == "SigninError");
    CHECK_FALSE(dialogue.refusal().empty());
  }
  dialogue.step(R"({"bot_token":"1:x"})");
  dialogue.answer(support::authorization);
  for (const auto* step : {R"({"phone":"1"})", R"({"bot_token":"1:x"})", R"({"cancel":true})",
                           R"({"phone":"1","phone_code_hash":"h","code":"1"})"}) {
    INFO(step);
    CHECK(dialogue.step(step) == "SigninError");
  }
  CHECK(dialogue.signin().state() == "done");
}

TEST_CASE("without api_id it is said where to give one") {
  Dialogue dialogue;
  dialogue.context = {};
  for (const auto* step : {R"({"phone":"1"})", R"({"bot_token":"1:x"})"}) {
    CHECK(dialogue.step(step) == "SigninError /api_id");
    for (const auto* word : {"options", "--api-id", "TELEGRAM_API_ID", "my.telegram.org"}) {
      CHECK(dialogue.refusal().find(word) != std::string::npos);
    }
  }
  dialogue.context = {5, "", false};
  CHECK(dialogue.step(R"({"phone":"1"})") == "SigninError /api_id");
}

TEST_CASE("a step that is wrong in itself names the attribute") {
  struct Row {
    const char* step;
    const char* refused;
  };
  const Row rows[] = {
      {"5", "TypeError"},
      {R"({"phone":9996620001})", "TypeError /phone"},
      {R"({"code":22222})", "TypeError /code"},
      {R"({"resend":1})", "TypeError /resend"},
      {R"({"code":"1","password":"x"})", "TypeError /password"},
      {R"({"phone":"1","password":"x"})", "TypeError /phone"},
      {R"({"phone":"1","bot_token":"x"})", "TypeError /phone"},
      {R"({"phone_code_hash":"h","qr":true})", "TypeError /phone_code_hash"},
      {R"({"phone":"1","code":"1"})", "TypeError /phone_code_hash"},
      {R"({"phone_code_hash":"h","code":"1"})", "TypeError /phone"},
      {R"({"phone":"1","phone_code_hash":"h"})", "TypeError /phone_code_hash"},
      {R"({"phone":"1","phone_code_hash":"","code":"1"})", "TypeError /phone_code_hash"},
      {R"({"last_name":"L"})", "TypeError /first_name"},
      {R"({"code":"1","api_id":5})", "TypeError /api_id"},
      {R"({"a/b~c":"1"})", "TypeError /a~1b~0c"},
  };
  for (const auto& row : rows) {
    INFO(row.step);
    Dialogue dialogue;
    CHECK(dialogue.step(row.step) == row.refused);
    CHECK(dialogue.signin().state() == "start");
  }
  Dialogue dialogue;
  dialogue.step(R"({"pasword":"1"})");
  CHECK(dialogue.refusal().find("\"password\"") != std::string::npos);
}

TEST_CASE("null and false are as if they were absent, the last of two counts") {
  Dialogue dialogue;
  CHECK(dialogue.step(R"({"code":null,"resend":false})") == start);
  dialogue.step(R"({"phone":5,"phone":"1"})");
  CHECK(dialogue.called()["phone_number"].text() == "1");
  CHECK(dialogue.step(R"({"cancel":{"_cons":"true"}})") == start);
}

TEST_CASE("an answer that nobody waits for changes nothing") {
  Dialogue dialogue;
  CHECK(dialogue.answer(support::authorization) == start);
  CHECK(dialogue.moved() == start);
}
