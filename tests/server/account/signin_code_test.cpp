// Signing in with a code that Telegram sends.
#include <catch2/catch.hpp>

#include "tests/server/account/dialogue.hpp"

using support::Dialogue;

namespace {

const std::string start = R"(reply {"state":"start"})";

// Up to where the code is awaited.
void ask_for_code(Dialogue& dialogue) {
  dialogue.step(R"({"phone":"9996620001"})");
  REQUIRE(dialogue.answer(support::sent_code) == support::code_reply);
}

std::string error_in(const std::string& reply) {
  const auto at = reply.find(R"("error_message":")");
  if (at == std::string::npos) return "";
  const auto begin = at + 17;
  return reply.substr(begin, reply.find('"', begin) - begin);
}

}  // namespace

TEST_CASE("a phone number asks Telegram for a code") {
  Dialogue dialogue;
  CHECK(dialogue.step(R"({"phone":"9996620001"})") ==
        R"(call {"_cons":"auth.sendCode","phone_number":"9996620001","api_id":12345,)"
        R"("api_hash":"0123456789abcdef","settings":{"_cons":"codeSettings"}})");
  CHECK(dialogue.answer(support::sent_code) == support::code_reply);
  CHECK(dialogue.signin().state() == "code");
}

TEST_CASE("blanks, dashes and brackets in a phone number are not sent") {
  Dialogue dialogue;
  dialogue.step(R"({"phone":"+999 (66) 2-00.01"})");
  CHECK(dialogue.called()["phone_number"].text() == "+9996620001");
}

TEST_CASE("what people paste around a phone number is not sent") {
  for (const auto* phone : {"\u202A+999 66\u00A02\u20110001\u202C", "\\\"+9996620001\\\"",
                            "tel:+9996620001\\n", "\uFEFF+999-66-2-0001\\u200b"}) {
    Dialogue dialogue;
    dialogue.step("{\"phone\":\"" + std::string(phone) + "\"}");
    CHECK(dialogue.called()["phone_number"].text() == "+9996620001");
  }
}

TEST_CASE("what people paste around a code is not sent, and words keep their blanks") {
  const auto sent = [](const std::string& code) {
    Dialogue dialogue;
    ask_for_code(dialogue);
    dialogue.step("{\"code\":\"" + code + "\"}");
    return std::string(dialogue.called()["phone_code"].text());
  };
  CHECK(sent(" 22-222\\n") == "22222");
  CHECK(sent("\u201C2 2 2 2 2\u201D") == "22222");
  CHECK(sent("222\u2013"
             "22\\u200e") == "22222");
  CHECK(sent(" \u00ABblue well-known sky\u00BB\\r\\n") == "blue well-known sky");
}

TEST_CASE("the code signs in") {
  Dialogue dialogue;
  ask_for_code(dialogue);
  CHECK(dialogue.step(R"({"code":"22222"})") ==
        R"(call {"_cons":"auth.signIn","phone_number":"9996620001","phone_code_hash":"abc",)"
        R"("phone_code":"22222"})");
  CHECK_FALSE(dialogue.signin().user_id());
  CHECK(dialogue.answer(support::authorization) == support::done_reply);
  CHECK(dialogue.signin().user_id() == 7);
  CHECK(dialogue.step("{}") == support::done_reply);
}

TEST_CASE("a wrong code leaves the state as it was, with the error") {
  Dialogue dialogue;
  ask_for_code(dialogue);
  dialogue.step(R"({"code":"1"})");
  CHECK(dialogue.error(400, "PHONE_CODE_INVALID") ==
        R"(reply {"state":"code","phone":"9996620001","phone_code_hash":"abc","type":"app",)"
        R"("length":5,"next_type":"sms","timeout":60,"error":{"_cons":"rpc_error",)"
        R"("error_code":400,"error_message":"PHONE_CODE_INVALID","_name":"PHONE_CODE_INVALID"}})");
  dialogue.step(R"({"code":"22222"})");
  CHECK(dialogue.answer(support::authorization) == support::done_reply);
}

TEST_CASE("an expired code and a restart lead back to the start") {
  for (const auto* message : {"PHONE_CODE_EXPIRED", "AUTH_RESTART"}) {
    Dialogue dialogue;
    ask_for_code(dialogue);
    dialogue.step(R"({"code":"22222"})");
    const auto reply = dialogue.error(400, message);
    CHECK(reply.starts_with(R"(reply {"state":"start","error":)"));
    CHECK(error_in(reply) == message);
    CHECK(dialogue.step(R"({"code":"22222"})") == "SigninError");
  }
}

TEST_CASE("FLOOD_WAIT is passed on at once with its value") {
  Dialogue dialogue;
  dialogue.step(R"({"phone":"9996620001"})");
  CHECK(dialogue.error(420, "FLOOD_WAIT_30") ==
        R"(reply {"state":"start","error":{"_cons":"rpc_error","error_code":420,)"
        R"("error_message":"FLOOD_WAIT_30","_name":"FLOOD_WAIT","_value":30}})");
}

TEST_CASE("a code sent again replaces the first") {
  Dialogue dialogue;
  ask_for_code(dialogue);
  CHECK(dialogue.step(R"({"resend":true})") ==
        R"(call {"_cons":"auth.resendCode","phone_number":"9996620001","phone_code_hash":"abc"})");
  CHECK(dialogue.answer(
            R"({"_cons":"auth.sentCode","type":{"_cons":"auth.sentCodeTypeSms","length":6},)"
            R"("phone_code_hash":"def"})") ==
        R"(reply {"state":"code","phone":"9996620001","phone_code_hash":"def","type":"sms",)"
        R"("length":6})");
  dialogue.step(R"({"code":"222222"})");
  CHECK(dialogue.called()["phone_code_hash"].text() == "def");
}

TEST_CASE("cancelling takes the code back") {
  Dialogue dialogue;
  ask_for_code(dialogue);
  CHECK(dialogue.step(R"({"cancel":true})") ==
        R"(call {"_cons":"auth.cancelCode","phone_number":"9996620001","phone_code_hash":"abc"})");
  CHECK(dialogue.answer("true") == start);
}

TEST_CASE("cancelling where no code is under way asks nobody") {
  Dialogue dialogue;
  CHECK(dialogue.step(R"({"cancel":true})") == start);
  ask_for_code(dialogue);
  dialogue.step(R"({"code":"22222"})");
  dialogue.answer(R"({"_cons":"auth.authorizationSignUpRequired"})");
  CHECK(dialogue.step(R"({"cancel":true})") == start);
}

TEST_CASE("a number without an account signs up, and the terms are shown") {
  Dialogue dialogue;
  ask_for_code(dialogue);
  dialogue.step(R"({"code":"22222"})");
  CHECK(dialogue.answer(R"({"_cons":"auth.authorizationSignUpRequired","terms_of_service":)"
                        R"({"_cons":"help.termsOfService","text":"Be kind."}})") ==
        R"(reply {"state":"sign_up","phone":"9996620001","phone_code_hash":"abc",)"
        R"("terms":{"_cons":"help.termsOfService","text":"Be kind."}})");
  CHECK(dialogue.step(R"({"first_name":"Ada","last_name":"L"})") ==
        R"(call {"_cons":"auth.signUp","phone_number":"9996620001","phone_code_hash":"abc",)"
        R"("first_name":"Ada","last_name":"L"})");
  CHECK(dialogue.answer(support::authorization) == support::done_reply);
}

TEST_CASE("older layers say by an error that a number has no account") {
  Dialogue dialogue;
  ask_for_code(dialogue);
  dialogue.step(R"({"code":"22222"})");
  CHECK(dialogue.error(400, "PHONE_NUMBER_UNOCCUPIED") ==
        R"(reply {"state":"sign_up","phone":"9996620001","phone_code_hash":"abc"})");
}

TEST_CASE("a refused name stays at signing up") {
  Dialogue dialogue;
  ask_for_code(dialogue);
  dialogue.step(R"({"code":"22222"})");
  dialogue.answer(R"({"_cons":"auth.authorizationSignUpRequired"})");
  dialogue.step(R"({"first_name":""})");
  const auto reply = dialogue.error(400, "FIRSTNAME_INVALID");
  CHECK(reply.starts_with(R"(reply {"state":"sign_up")"));
  CHECK(error_in(reply) == "FIRSTNAME_INVALID");
}

TEST_CASE("a sign-in goes on from another connection") {
  Dialogue dialogue;
  dialogue.context.authorized_unknown = true;
  CHECK(dialogue.step(R"({"phone":"9996620001","phone_code_hash":"abc","code":"22222"})") ==
        R"(call {"_cons":"auth.signIn","phone_number":"9996620001","phone_code_hash":"abc",)"
        R"("phone_code":"22222"})");
  const auto refused = dialogue.error(400, "PHONE_CODE_INVALID");
  CHECK(refused.starts_with(
      R"(reply {"state":"code","phone":"9996620001","phone_code_hash":"abc","error":)"));
  dialogue.step(R"({"code":"22222"})");
  CHECK(dialogue.answer(support::authorization) == support::done_reply);
}

TEST_CASE("a code from another connection that has expired leads to the start") {
  Dialogue dialogue;
  dialogue.step(R"({"phone":"9996620001","phone_code_hash":"abc","code":"22222"})");
  const auto refused = dialogue.error(400, "PHONE_CODE_EXPIRED");
  CHECK(refused.starts_with(R"(reply {"state":"start","error":)"));
}

TEST_CASE("a refused name from another connection stays at signing up") {
  Dialogue dialogue;
  dialogue.step(R"({"phone":"1","phone_code_hash":"h","first_name":"Ada"})");
  const auto refused = dialogue.error(400, "FIRSTNAME_INVALID");
  CHECK(refused.starts_with(
      R"(reply {"state":"sign_up","phone":"1","phone_code_hash":"h","error":)"));
}

TEST_CASE("signing up and sending again go on from another connection too") {
  Dialogue dialogue;
  dialogue.step(R"({"phone":"1","phone_code_hash":"h","first_name":"Ada"})");
  CHECK(dialogue.called().constructor() == "auth.signUp");
  CHECK(dialogue.called()["phone_code_hash"].text() == "h");
  CHECK(dialogue.called()["last_name"].is_string());
  dialogue.signin().failed();
  dialogue.step(R"({"phone":"1","phone_code_hash":"h","resend":true})");
  CHECK(dialogue.called().constructor() == "auth.resendCode");
  dialogue.signin().failed();
  dialogue.step(R"({"phone":"1","phone_code_hash":"h","cancel":true})");
  CHECK(dialogue.called().constructor() == "auth.cancelCode");
}

TEST_CASE("the words for the ways of a code") {
  struct Row {
    const char* type;
    const char* told;
  };
  const Row rows[] = {
      {R"({"_cons":"auth.sentCodeTypeApp","length":5})", R"("type":"app","length":5)"},
      {R"({"_cons":"auth.sentCodeTypeSms","length":5})", R"("type":"sms","length":5)"},
      {R"({"_cons":"auth.sentCodeTypeCall","length":5})", R"("type":"call","length":5)"},
      {R"({"_cons":"auth.sentCodeTypeFlashCall","pattern":"*1"})",
       R"("type":"flash_call","pattern":"*1")"},
      {R"({"_cons":"auth.sentCodeTypeMissedCall","prefix":"9","length":4})",
       R"("type":"missed_call","length":4,"prefix":"9")"},
      {R"({"_cons":"auth.sentCodeTypeFragmentSms","url":"u","length":5})",
       R"("type":"fragment_sms","length":5,"url":"u")"},
      {R"({"_cons":"auth.sentCodeTypeFirebaseSms","length":6})",
       R"("type":"firebase_sms","length":6)"},
      {R"({"_cons":"auth.sentCodeTypeSmsWord","beginning":"a"})",
       R"("type":"sms_word","beginning":"a")"},
      {R"({"_cons":"auth.sentCodeTypeSmsPhrase","beginning":"b"})",
       R"("type":"sms_phrase","beginning":"b")"},
      {R"({"_cons":"auth.sentCodeTypeEmailCode","email_pattern":"a*b","length":6})",
       R"("type":"email","length":6,"email_pattern":"a*b")"},
      {R"({"_cons":"auth.sentCodeTypeNewWay"})", R"("type":"new_way")"},
  };
  for (const auto& row : rows) {
    Dialogue dialogue;
    dialogue.step(R"({"phone":"1"})");
    CHECK(dialogue.answer(R"({"_cons":"auth.sentCode","type":)" + std::string(row.type) +
                          R"(,"phone_code_hash":"h"})") ==
          R"(reply {"state":"code","phone":"1","phone_code_hash":"h",)" + std::string(row.told) +
              "}");
  }
}

TEST_CASE("a trusted token signs in without a code") {
  Dialogue dialogue;
  dialogue.step(R"({"phone":"9996620001"})");
  CHECK(dialogue.answer(R"({"_cons":"auth.sentCodeSuccess","authorization":)" +
                        std::string(support::authorization) + "}") == support::done_reply);
}

TEST_CASE("an answer without a word here is given on whole") {
  Dialogue dialogue;
  dialogue.step(R"({"phone":"9996620001"})");
  CHECK(dialogue.answer(R"({"_cons":"auth.sentCodeOfTomorrow","phone_code_hash":"h"})") ==
        R"(reply {"state":"other","object":{"_cons":"auth.sentCodeOfTomorrow",)"
        R"("phone_code_hash":"h"}})");
  // The code may come all the same.
  dialogue.step(R"({"code":"22222"})");
  CHECK(dialogue.called()["phone_code_hash"].text() == "h");
  CHECK(dialogue.answer(R"({"_cons":"_unknown","_id":"0x1"})") ==
        R"(reply {"state":"other","object":{"_cons":"_unknown","_id":"0x1"}})");
}

TEST_CASE("a lost upstream connection leaves the state as it was") {
  Dialogue dialogue;
  ask_for_code(dialogue);
  dialogue.step(R"({"code":"22222"})");
  dialogue.signin().failed();
  CHECK(dialogue.step("{}") == support::code_reply);
  dialogue.step(R"({"code":"22222"})");
  CHECK(dialogue.answer(support::authorization) == support::done_reply);
}

TEST_CASE("another session forgets what was known") {
  Dialogue dialogue;
  ask_for_code(dialogue);
  dialogue.signin().reset();
  CHECK(dialogue.step("{}") == start);
  CHECK(dialogue.step(R"({"code":"22222"})") == "SigninError");
}

TEST_CASE("a code goes to the e-mail address that Telegram wants to have set up") {
  Dialogue dialogue;
  dialogue.step(R"({"phone":"9996620001"})");
  CHECK(dialogue.answer(R"({"_cons":"auth.sentCode","phone_code_hash":"abc","type":)"
                        R"({"_cons":"auth.sentCodeTypeSetUpEmailRequired"}})") ==
        R"(reply {"state":"email","phone":"9996620001","phone_code_hash":"abc",)"
        R"("reason":"set_up_required"})");
  CHECK(dialogue.step(R"({"code":"1"})") == "SigninError");
  CHECK(dialogue.step(R"({"email":"ada@example.org"})") ==
        R"(call {"_cons":"account.sendVerifyEmailCode","purpose":)"
        R"({"_cons":"emailVerifyPurposeLoginSetup","phone_number":"9996620001",)"
        R"("phone_code_hash":"abc"},"email":"ada@example.org"})");
  CHECK(dialogue.answer(
            R"({"_cons":"account.sentEmailCode","email_pattern":"a*a@example.org","length":6})") ==
        R"(reply {"state":"code","phone":"9996620001","phone_code_hash":"abc","type":"email",)"
        R"("email_pattern":"a*a@example.org","length":6})");
  CHECK(dialogue.step(R"({"email_code":"123456"})") ==
        R"(call {"_cons":"account.verifyEmail","purpose":{"_cons":"emailVerifyPurposeLoginSetup",)"
        R"("phone_number":"9996620001","phone_code_hash":"abc"},"verification":)"
        R"({"_cons":"emailVerificationCode","code":"123456"}})");
  CHECK(dialogue.answer(R"({"_cons":"account.emailVerifiedLogin","email":"ada@example.org",)"
                        R"("sent_code":)" +
                        std::string(support::sent_code) + "}") == support::code_reply);
  dialogue.step(R"({"code":"22222"})");
  CHECK(dialogue.called()["phone_code"].text() == "22222");
}

TEST_CASE("a mistyped e-mail address may be given again") {
  Dialogue dialogue;
  dialogue.step(R"({"phone":"1"})");
  dialogue.answer(R"({"_cons":"auth.sentCode","phone_code_hash":"abc","type":)"
                  R"({"_cons":"auth.sentCodeTypeSetUpEmailRequired"}})");
  dialogue.step(R"({"email":"wrong"})");
  CHECK(error_in(dialogue.error(400, "EMAIL_INVALID")) == "EMAIL_INVALID");
  CHECK(dialogue.signin().state() == "email");
  dialogue.step(R"({"email":"a@example.org"})");
  dialogue.answer(R"({"_cons":"account.sentEmailCode","email_pattern":"a","length":6})");
  CHECK(dialogue.step(R"({"email":"b@example.org"})").starts_with("call"));
}

TEST_CASE("a code that came by e-mail signs in, under either name") {
  for (const auto* step : {R"({"email_code":"1"})", R"({"code":"1"})",
                           R"({"phone":"1","phone_code_hash":"h","code":"1"})"}) {
    Dialogue dialogue;
    dialogue.step(R"({"phone":"1"})");
    dialogue.answer(R"({"_cons":"auth.sentCode","phone_code_hash":"h","type":)"
                    R"({"_cons":"auth.sentCodeTypeEmailCode","email_pattern":"p","length":6}})");
    CHECK(dialogue.step(step) ==
          R"(call {"_cons":"auth.signIn","phone_number":"1","phone_code_hash":"h",)"
          R"("email_verification":{"_cons":"emailVerificationCode","code":"1"}})");
  }
  Dialogue elsewhere;
  elsewhere.step(R"({"phone":"1","phone_code_hash":"h","email_code":"1"})");
  CHECK(elsewhere.called()["email_verification"]["code"].text() == "1");
}

TEST_CASE("an e-mail code is refused where the code went another way") {
  Dialogue dialogue;
  ask_for_code(dialogue);
  CHECK(dialogue.step(R"({"email_code":"1"})") == "SigninError");
}

TEST_CASE("tokens of earlier sign-ins go along when a code is asked for") {
  Dialogue dialogue;
  const auto call = dialogue.step(R"({"phone":"9996620001","logout_tokens":["AAEC","_-8="]})");
  CHECK(call.ends_with(R"("settings":{"_cons":"codeSettings","logout_tokens":["AAEC","_-8="]}})"));
  SECTION("one of them lets in at once") {
    CHECK(dialogue.answer(R"({"_cons":"auth.sentCodeSuccess","authorization":)" +
                          std::string(support::authorization) + "}") == support::done_reply);
  }
  SECTION("or as far as to the password") {
    CHECK(dialogue.error(401, "SESSION_PASSWORD_NEEDED") ==
          R"(call {"_cons":"account.getPassword"})");
    CHECK(dialogue.signin().state() == "password");
  }
  SECTION("elsewhere, too") {
    CHECK(dialogue.error(303, "PHONE_MIGRATE_1") == "move 1");
    CHECK(dialogue.moved() == call);
  }
}

TEST_CASE("what is no list of at most 20 tokens is refused where it stands") {
  const auto refused = [](const std::string& more) {
    Dialogue dialogue;
    return dialogue.step("{" + more + "}");
  };
  const std::string phone = R"("phone":"9996620001","logout_tokens":)";
  const std::string at = "TypeError /logout_tokens";
  std::string many = R"(["AA==")";
  for (int i = 0; i < 19; ++i) many += R"(,"AA==")";
  CHECK(refused(phone + many + "]").starts_with("call"));
  CHECK(refused(phone + many + R"(,"AA=="])") == at);
  CHECK(refused(phone + R"("AAEC")") == at);
  CHECK(refused(phone + R"(["AAEC","?"])") == at + "/1");
  CHECK(refused(phone + R"([""])") == at + "/0");
  CHECK(refused(phone + R"([7])") == at + "/0");
  CHECK(refused(phone + "[\"" + std::string(1372, 'A') + "\"]") == at + "/0");
  CHECK(refused(R"("logout_tokens":["AAEC"])") == at);
  CHECK(refused(R"("qr":true,"logout_tokens":["AAEC"])") == at);
  CHECK(refused(phone + R"(["AAEC"],"phone_code_hash":"h","code":"1")") == at);
}

TEST_CASE("what Telegram urges who signed in to do is kept, and the token told once") {
  Dialogue dialogue;
  ask_for_code(dialogue);
  dialogue.step(R"({"code":"22222"})");
  const std::string shown =
      R"(reply {"state":"done","user":{"_cons":"user","id":7},"setup_password_required":true,)"
      R"("otherwise_relogin_days":7)";
  CHECK(
      dialogue.answer(
          R"({"_cons":"auth.authorization","setup_password_required":true,)"
          R"("otherwise_relogin_days":7,"future_auth_token":"AAEC","user":{"_cons":"user","id":7}})") ==
      shown + R"(,"future_auth_token":"AAEC"})");
  CHECK(dialogue.step("{}") == shown + "}");
}
