// Steps for who can't go on as usual: an e-mail address or a password that is to go, a code that has
// to be paid for.
#include <catch2/catch.hpp>

#include "tests/server/account/dialogue.hpp"

using support::Dialogue;

namespace {

std::string by_email(const std::string& more) {
  return R"({"_cons":"auth.sentCode","type":{"_cons":"auth.sentCodeTypeEmailCode",)"
         R"("email_pattern":"a*a@example.org","length":6,)" +
         more + R"(},"phone_code_hash":"abc"})";
}

const std::string which = R"("phone_number":"9996620001","phone_code_hash":"abc")";
const std::string code_head =
    R"(reply {"state":"code","phone":"9996620001","phone_code_hash":"abc","type":"email",)"
    R"("length":6,"email_pattern":"a*a@example.org")";

void ask_by_email(Dialogue& dialogue) {
  dialogue.step(R"({"phone":"9996620001"})");
  REQUIRE(dialogue.answer(by_email(R"("reset_available_period":604800)")) ==
          code_head + R"(,"reset_available_period":604800})");
}

constexpr std::string_view payment =
    R"({"_cons":"auth.sentCodePaymentRequired","store_product":"p","phone_code_hash":"abc",)"
    R"("support_email_address":"a@example.org","support_email_subject":"s","premium_days":7,)"
    R"("currency":"USD","amount":199})";
const std::string payment_reply =
    R"(reply {"state":"payment","phone":"9996620001","phone_code_hash":"abc","store_product":"p",)"
    R"("support_email_address":"a@example.org","support_email_subject":"s","premium_days":7,)"
    R"("currency":"USD","amount":199})";

void ask_unpaid(Dialogue& dialogue) {
  dialogue.step(R"({"phone":"9996620001"})");
  REQUIRE(dialogue.answer(payment) == payment_reply);
}

}  // namespace

TEST_CASE("an e-mail address that is out of reach can be given up") {
  Dialogue dialogue;
  ask_by_email(dialogue);
  CHECK(dialogue.step(R"({"reset_email":true})") ==
        R"(call {"_cons":"auth.resetLoginEmail",)" + which + "}");
  SECTION("at once: the code comes in another way") {
    CHECK(dialogue.answer(support::sent_code) == support::code_reply);
    dialogue.step(R"({"code":"22222"})");
    CHECK(dialogue.called()["phone_code"].text() == "22222");
  }
  SECTION("after a while") {
    CHECK(dialogue.answer(by_email(R"("reset_pending_date":1800604800)")) ==
          code_head + R"(,"reset_pending_date":1800604800})");
  }
  SECTION("which is not over") {
    const auto reply = dialogue.error(400, "TASK_ALREADY_EXISTS");
    CHECK(reply.starts_with(code_head));
    CHECK(reply.find("TASK_ALREADY_EXISTS") != std::string::npos);
  }
}

TEST_CASE("only a code that went by e-mail leads to giving an address up") {
  Dialogue dialogue;
  CHECK(dialogue.step(R"({"reset_email":true})") == "SigninError");
  dialogue.step(R"({"phone":"9996620001"})");
  dialogue.answer(support::sent_code);
  CHECK(dialogue.step(R"({"reset_email":true})") == "SigninError");
  Dialogue elsewhere;
  CHECK(elsewhere.step(R"({"phone":"9996620001","phone_code_hash":"abc","reset_email":true})") ==
        R"(call {"_cons":"auth.resetLoginEmail",)" + which + "}");
}

TEST_CASE("who is signed in may have the password taken off") {
  Dialogue dialogue;
  dialogue.step(R"({"bot_token":"1:x"})");
  REQUIRE(dialogue.answer(support::authorization) == support::done_reply);
  const std::string done =
      std::string(support::done_reply.substr(0, support::done_reply.size() - 1));
  CHECK(dialogue.step(R"({"reset_password":true})") == R"(call {"_cons":"account.resetPassword"})");
  SECTION("after a while, told once") {
    const std::string wait =
        R"({"_cons":"account.resetPasswordRequestedWait","until_date":1800604800})";
    CHECK(dialogue.answer(wait) == done + R"(,"reset_password":)" + wait + "}");
    CHECK(dialogue.step("{}") == support::done_reply);
  }
  SECTION("or not") {
    CHECK(dialogue.error(400, "PASSWORD_EMPTY").starts_with(done + R"(,"error":)"));
    CHECK(dialogue.signin().state() == "done");
  }
}

TEST_CASE("with a session of which nothing is known it is asked first whose it is") {
  Dialogue dialogue;
  dialogue.context.authorized_unknown = true;
  CHECK(dialogue.step(R"({"reset_password":true})").find("users.getUsers") != std::string::npos);
  SECTION("somebody's") {
    CHECK(dialogue.answer(R"([{"_cons":"user","id":7,"first_name":"Ada"}])") ==
          R"(call {"_cons":"account.resetPassword"})");
    CHECK(dialogue.answer(R"({"_cons":"account.resetPasswordOk"})")
              .ends_with(R"("reset_password":{"_cons":"account.resetPasswordOk"}})"));
    CHECK(dialogue.signin().user_id() == 7);
  }
  SECTION("nobody's") {
    CHECK(dialogue.error(401, "AUTH_KEY_UNREGISTERED") == R"(reply {"state":"start"})");
  }
}

TEST_CASE("before the password was entered it can't be taken off, but a reset is told") {
  Dialogue dialogue;
  CHECK(dialogue.step(R"({"reset_password":true})") == "SigninError");
  dialogue.step(R"({"phone":"9996620001"})");
  dialogue.error(401, "SESSION_PASSWORD_NEEDED");
  CHECK(dialogue.answer(R"({"_cons":"account.password","hint":"h","pending_reset_date":1800604800,)"
                        R"("current_algo":{"_cons":"passwordKdfAlgoUnknown"}})") ==
        R"(reply {"state":"password","hint":"h","has_recovery":false,)"
        R"("pending_reset_date":1800604800})");
  CHECK(dialogue.step(R"({"reset_password":true})") == "SigninError");
  CHECK(dialogue.refusal().find("recover") != std::string::npos);
}

TEST_CASE("a code that has to be paid for is told with what is needed, and asked for again") {
  Dialogue dialogue;
  ask_unpaid(dialogue);
  CHECK(dialogue.step("{}") == payment_reply);
  const std::string call = R"(call {"_cons":"auth.checkPaidAuth",)" + which + R"(,"form_id":)";
  CHECK(dialogue.step(R"({"form_id":"9007199254740993"})") == call + "9007199254740993}");
  CHECK(dialogue.answer(payment) == payment_reply);
  CHECK(dialogue.step(R"({"form_id":-5})") == call + "-5}");
  CHECK(dialogue.answer(support::sent_code) == support::code_reply);
  CHECK(dialogue.step(R"({"form_id":1})") == "SigninError");
}

TEST_CASE("a code that was paid for elsewhere may be entered, or be given up") {
  Dialogue dialogue;
  ask_unpaid(dialogue);
  SECTION("entered") {
    dialogue.step(R"({"code":"22222"})");
    CHECK(dialogue.called().constructor() == "auth.signIn");
  }
  SECTION("given up") {
    CHECK(dialogue.step(R"({"cancel":true})").find("auth.cancelCode") != std::string::npos);
  }
  SECTION("asked for on another connection") {
    Dialogue other;
    CHECK(other.step(R"({"phone":"9996620001","phone_code_hash":"abc","form_id":1})") ==
          R"(call {"_cons":"auth.checkPaidAuth",)" + which + R"(,"form_id":1})");
  }
}

TEST_CASE("what is no payment form's id is refused where it stands") {
  for (const auto* wrong : {"1.5", R"("x")", "true", "{}", R"("9223372036854775808")"}) {
    Dialogue dialogue;
    CHECK(dialogue.step(R"({"form_id":)" + std::string(wrong) + "}") == "TypeError /form_id");
  }
}
