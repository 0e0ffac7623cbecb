// Signing in by scanning.
#include <catch2/catch.hpp>

#include "tests/server/account/dialogue.hpp"

using support::Dialogue;

namespace {

constexpr std::string_view qr = R"({"qr":true})";
const std::string export_call =
    R"(call {"_cons":"auth.exportLoginToken","api_id":12345,"api_hash":"0123456789abcdef",)"
    R"("except_ids":[]})";
const std::string import_call = R"(call {"_cons":"auth.importLoginToken","token":"AQID"})";
const std::string self_call = R"(call {"_cons":"users.getUsers","id":[{"_cons":"inputUserSelf"}]})";
const std::string start = R"(reply {"state":"start"})";

// auth.loginToken as the decoder gives it.
tl::Value token(Dialogue& dialogue, tl::Bytes bytes, std::int64_t expires) {
  const tl::Builder make(dialogue.arena());
  return make.object("auth.loginToken",
                     {{"expires", tl::Value::integer(expires)}, {"token", make.bytes(bytes)}});
}

tl::Value elsewhere(Dialogue& dialogue, int dc) {
  const tl::Builder make(dialogue.arena());
  const tl::Bytes bytes{1, 2, 3};
  return make.object("auth.loginTokenMigrateTo",
                     {{"dc_id", tl::Value::integer(dc)}, {"token", make.bytes(bytes)}});
}

const std::string success = R"({"_cons":"auth.loginTokenSuccess","authorization":)" +
                            std::string(support::authorization) + "}";

const std::string shown = R"({"state":"qr","url":"tg://login?token=-_8","expires":1030})";

void show(Dialogue& dialogue) {
  REQUIRE(dialogue.step(qr) == export_call);
  REQUIRE(dialogue.answer(token(dialogue, {0xfb, 0xff}, 1030)) == "reply " + shown);
}

}  // namespace

TEST_CASE("a code is shown until it is scanned") {
  Dialogue dialogue;
  CHECK_FALSE(dialogue.signin().token_expires());
  show(dialogue);
  CHECK(dialogue.signin().state() == "qr");
  CHECK(dialogue.signin().token_expires() == 1030);
  CHECK(dialogue.step("{}") == "reply " + shown);

  CHECK(dialogue.refresh() == export_call);
  CHECK(dialogue.answer(token(dialogue, {1}, 1057)) ==
        R"(reply {"state":"qr","url":"tg://login?token=AQ","expires":1057})");
  CHECK(dialogue.signin().token_expires() == 1057);

  CHECK(dialogue.refresh() == export_call);
  CHECK(dialogue.answer(success) == support::done_reply);
  CHECK(dialogue.signin().user_id() == 7);
  CHECK_FALSE(dialogue.signin().token_expires());
}

TEST_CASE("a code that was scanned leads to the password where there is one") {
  Dialogue dialogue;
  show(dialogue);
  dialogue.refresh();
  CHECK(dialogue.error(401, "SESSION_PASSWORD_NEEDED") ==
        R"(call {"_cons":"account.getPassword"})");
  CHECK(dialogue.error(500, "NO_HINT").starts_with(R"(reply {"state":"password")"));
  CHECK_FALSE(dialogue.signin().token_expires());
  SECTION("and whoever asks again for the code hears that") {
    CHECK(dialogue.step(qr) == R"(reply {"state":"password"})");
  }
  SECTION("after a cancel there is a fresh one") {
    CHECK(dialogue.step(R"({"cancel":true})") == start);
    show(dialogue);
  }
}

TEST_CASE("an account's data centre is followed with the token") {
  Dialogue dialogue;
  show(dialogue);
  dialogue.refresh();
  CHECK(dialogue.answer(elsewhere(dialogue, 1)) == "move 1");
  CHECK(dialogue.moved() == import_call);
  SECTION("to the end") { CHECK(dialogue.answer(success) == support::done_reply); }
  SECTION("to the password") {
    CHECK(dialogue.error(401, "SESSION_PASSWORD_NEEDED") ==
          R"(call {"_cons":"account.getPassword"})");
  }
  SECTION("and further, though not for ever") {
    CHECK(dialogue.answer(elsewhere(dialogue, 2)) == "move 2");
    CHECK(dialogue.moved() == import_call);
    CHECK(dialogue.answer(elsewhere(dialogue, 3)) == "move 3");
    CHECK(dialogue.moved() == import_call);
    CHECK(dialogue.answer(elsewhere(dialogue, 1)).starts_with(R"(reply {"state":"other")"));
  }
  SECTION("where it came too late there is a fresh one, asked for once") {
    CHECK(dialogue.error(400, "AUTH_TOKEN_EXPIRED") == export_call);
    SECTION("that is shown") {
      CHECK(dialogue.answer(token(dialogue, {1}, 1100)) ==
            R"(reply {"state":"qr","url":"tg://login?token=AQ","expires":1100})");
    }
    SECTION("or refused") {
      CHECK(dialogue.error(400, "AUTH_TOKEN_EXPIRED")
                .starts_with(R"(reply {"state":"start","error":)"));
    }
  }
}

TEST_CASE("a data centre that can't be is not gone to") {
  Dialogue dialogue;
  show(dialogue);
  for (const int dc : {0, -1, 1000}) {
    dialogue.refresh();
    CHECK(dialogue.answer(elsewhere(dialogue, dc)).starts_with(R"(reply {"state":"other")"));
  }
}

TEST_CASE("a code that can't be made afresh for now stays; one that can't at all is taken away") {
  Dialogue dialogue;
  show(dialogue);
  for (const auto& [code, text] : {std::pair{420, "FLOOD_WAIT_9"}, std::pair{500, "RPC_CALL_FAIL"},
                                   std::pair{-503, "Timeout"}}) {
    dialogue.refresh();
    CHECK(dialogue.error(code, text).starts_with(R"(reply {"state":"qr","url":)"));
    CHECK(dialogue.signin().token_expires() == 1030);
  }
  dialogue.refresh();
  dialogue.signin().failed();
  CHECK(dialogue.step("{}") == "reply " + shown);
  dialogue.refresh();
  CHECK(dialogue.error(400, "API_ID_INVALID").starts_with(R"(reply {"state":"start","error":)"));
  CHECK_FALSE(dialogue.signin().token_expires());
}

TEST_CASE("other ways are open while a code is shown") {
  Dialogue dialogue;
  show(dialogue);
  SECTION("a number") {
    dialogue.step(R"({"phone":"9996620001"})");
    CHECK(dialogue.error(400, "PHONE_NUMBER_INVALID").starts_with(R"(reply {"state":"qr",)"));
    dialogue.step(R"({"phone":"9996620001"})");
    CHECK(dialogue.answer(support::sent_code) == support::code_reply);
    CHECK_FALSE(dialogue.signin().token_expires());
  }
  SECTION("a bot's token") {
    dialogue.step(R"({"bot_token":"1:x"})");
    CHECK(dialogue.answer(support::authorization) == support::done_reply);
  }
  SECTION("none") { CHECK(dialogue.step(R"({"cancel":true})") == start); }
  SECTION("another code") { show(dialogue); }
}

TEST_CASE("a code that was sent is void once another way is taken") {
  Dialogue dialogue;
  dialogue.step(R"({"phone":"9996620001"})");
  dialogue.answer(support::sent_code);
  show(dialogue);
  CHECK(dialogue.step(R"({"code":"22222"})") == "SigninError");
}

TEST_CASE("a key that may be somebody's is looked at before a code is shown") {
  Dialogue dialogue;
  dialogue.context.authorized_unknown = true;
  REQUIRE(dialogue.step(qr) == self_call);
  SECTION("nobody's") {
    CHECK(dialogue.error(401, "AUTH_KEY_UNREGISTERED") == export_call);
    CHECK(dialogue.answer(success) == support::done_reply);
  }
  SECTION("somebody's") {
    CHECK(dialogue.answer(R"([{"_cons":"user","id":7,"first_name":"Ada"}])") ==
          support::done_reply);
    CHECK(dialogue.step(qr) == support::done_reply);
  }
  SECTION("half somebody's") {
    CHECK(dialogue.error(401, "SESSION_PASSWORD_NEEDED") ==
          R"(call {"_cons":"account.getPassword"})");
  }
}

TEST_CASE("who signed in otherwise has no use for a code") {
  Dialogue dialogue;
  dialogue.step(R"({"bot_token":"1:x"})");
  dialogue.answer(support::authorization);
  CHECK(dialogue.step(qr) == "SigninError");
}

TEST_CASE("a code needs an application") {
  Dialogue dialogue;
  dialogue.context = {};
  CHECK(dialogue.step(qr) == "SigninError /api_id");
}
