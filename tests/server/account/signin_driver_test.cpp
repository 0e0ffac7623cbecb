#include "server/account/signin_driver.hpp"

#include <catch2/catch.hpp>

#include "tests/server/account/signin_fixture.hpp"

using namespace support;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view phone = R"({"phone":"9996620001"})";

// Up to where the code is awaited.
void ask_for_code(SigninDesk& desk) {
  REQUIRE_FALSE(desk.step(phone));
  desk.answer(sent_code);
  REQUIRE(desk.driver->state() == "code");
}

}  // namespace

TEST_CASE("A phone number and its code sign in, a step each", "[signin_driver]") {
  SigninDesk desk;
  REQUIRE_FALSE(desk.step(phone));
  CHECK(desk.driver->under_way());
  CHECK(desk.called() == "auth.sendCode");
  CHECK(desk.home().sent[0].options.repeat == mtproto::Repeat::ask);
  desk.answer(sent_code);
  REQUIRE(desk.outcomes.size() == 1);
  CHECK(desk.last().answered);
  CHECK_FALSE(desk.last().refused);
  CHECK_FALSE(desk.driver->under_way());
  CHECK(desk.says(R"("state":"code")"));
  REQUIRE_FALSE(desk.step(R"({"code":"22222"})"));
  CHECK(desk.called() == "auth.signIn");
  desk.answer(user_json);
  CHECK(desk.driver->done());
  CHECK(desk.says(R"("state":"done")"));
  CHECK(desk.says(R"("first_name":"Ada")"));
  CHECK(desk.account->user_id() == 7);
  CHECK(desk.outcomes.size() == 2);
}

TEST_CASE("A refusal is an answer, and the state stays", "[signin_driver]") {
  SigninDesk desk;
  ask_for_code(desk);
  desk.step(R"({"code":"1"})");
  desk.refuse(400, "PHONE_CODE_INVALID");
  CHECK(desk.last().answered);
  CHECK(desk.last().refused);
  CHECK(desk.says("PHONE_CODE_INVALID"));
  CHECK(desk.driver->state() == "code");
  CHECK_FALSE(desk.account->user_id());
}

TEST_CASE("A step that does not fit, or is none, is refused before anything is sent",
          "[signin_driver]") {
  SigninDesk desk;
  const auto early = desk.step(R"({"code":"22222"})");
  REQUIRE(early);
  CHECK(early->error == "SigninError");
  CHECK(early->more == std::vector<std::pair<std::string, std::string>>{{"state", "\"start\""}});
  const auto odd = desk.step(R"({"phone":7})");
  REQUIRE(odd);
  CHECK(odd->error == "TypeError");
  CHECK(odd->path == "/signin/phone");
  CHECK(desk.world.upstreams.empty());
}

TEST_CASE("A number that lives elsewhere is followed, and asked about there", "[signin_driver]") {
  SigninDesk desk;
  desk.step(phone);
  desk.refuse(303, "PHONE_MIGRATE_4");
  CHECK(desk.moves == std::vector{4});
  CHECK(desk.outcomes.empty());
  REQUIRE(desk.world.upstreams.size() == 2);
  CHECK(desk.world.upstream(0).closed);
  CHECK(desk.home().settings.dc == mtproto::DcId(4));
  CHECK(desk.home().opened == 1);
  CHECK(desk.home().sent.empty());
  desk.home().come_up();
  desk.home().end_turn();
  REQUIRE(desk.home().sent.size() == 1);
  CHECK(desk.called() == "auth.sendCode");
  desk.answer(sent_code);
  CHECK(desk.says(R"("state":"code")"));
  // It is ready again later: nothing is sent for that.
  desk.home().come_up();
  desk.home().end_turn();
  CHECK(desk.home().sent.size() == 1);
}

TEST_CASE("A data centre that can't be reached on the way there ends the step", "[signin_driver]") {
  SigninDesk desk;
  desk.step(phone);
  desk.refuse(303, "PHONE_MIGRATE_4");
  desk.home().go_down("no route");
  REQUIRE(desk.outcomes.size() == 1);
  CHECK(desk.failed() == "ConnectionError");
  CHECK(desk.last().failure->more[1] == std::pair<std::string, std::string>("dc", "4"));
  CHECK(desk.driver->state() == "start");
  desk.home().come_up();
  desk.home().end_turn();
  CHECK(desk.home().sent.empty());
}

TEST_CASE("A data centre that nobody knows ends the step", "[signin_driver]") {
  SigninDesk desk;
  desk.moves_on = false;
  desk.step(phone);
  desk.refuse(303, "PHONE_MIGRATE_77");
  CHECK(desk.failed() == "ConnectionError");
  SigninDesk other;
  other.step(phone);
  other.refuse(303, "PHONE_MIGRATE_77");  // there is an account, but no address
  CHECK(other.failed() == "ConnectionError");
  CHECK_FALSE(other.driver->under_way());
}

TEST_CASE("A step that was lost, or found no way, ends with why and the state stays",
          "[signin_driver]") {
  SigninDesk desk;
  ask_for_code(desk);
  desk.step(R"({"code":"22222"})");
  desk.home().user.on_lost(desk.home().sent[1].id);
  desk.home().end_turn();
  CHECK(desk.failed() == "OutcomeUnknown");
  CHECK_FALSE(desk.last().answered);
  desk.step(R"({"code":"22222"})");
  desk.home().go_down("no route");
  CHECK(desk.failed() == "ConnectionError");
  CHECK(desk.driver->state() == "code");
  desk.step(R"({"code":"22222"})");
  desk.answer(user_json);
  CHECK(desk.driver->done());
}

TEST_CASE("Without an address of home the step fails", "[signin_driver]") {
  SigninDesk desk;
  desk.world.telegram->data_centres.erase(2);
  REQUIRE_FALSE(desk.step(phone));
  CHECK(desk.failed() == "ConnectionError");
  CHECK_FALSE(desk.driver->under_way());
}

TEST_CASE("A sign-in at a data centre that does not know us says who we are, once",
          "[signin_driver]") {
  SigninDesk desk;
  desk.step(phone);
  desk.refuse(400, "CONNECTION_NOT_INITED");
  CHECK(desk.outcomes.empty());
  REQUIRE(desk.home().sent.size() == 2);
  CHECK(std::ranges::equal(tl::ByteView(desk.home().sent[1].body),
                           tl::ByteView(desk.home().sent[0].body)));
  CHECK(desk.home().prefixes.size() == 2);
  desk.refuse(400, "CONNECTION_NOT_INITED");
  CHECK(desk.home().sent.size() == 2);
  CHECK(desk.last().refused);
}

TEST_CASE("A scheme that does not know the sign-in, or its answer, is told of", "[signin_driver]") {
  SigninDesk desk;
  support::set_schema(*desk.account, account_schema());
  desk.step(phone);
  CHECK(desk.failed() == "SchemeError");
  support::set_schema(*desk.account, SigninDesk::schema());
  desk.step(phone);
  desk.answer_bytes(word(0x12345678));
  CHECK(desk.outcomes.size() == 2);
  CHECK(desk.failed() == "SchemeError");
  CHECK(desk.driver->state() == "start");
}

TEST_CASE(
    "A step without an answer in time says where the sign-in is, and what comes then is "
    "nobody's",
    "[signin_driver]") {
  SigninDesk desk;
  ask_for_code(desk);
  desk.step(R"({"code":"22222"})");
  const auto outcome = desk.driver->late(5s);
  CHECK(outcome.text == R"({"state":"code","error":{"_cons":"rpc_timeout",)"
                        R"("error_message":"no answer within 5 s"}})");
  CHECK_FALSE(outcome.answered);
  CHECK_FALSE(desk.driver->under_way());
  CHECK(desk.home().forgotten == std::vector{desk.home().sent[1].id});
  desk.step(R"({"code":"33333"})");
  desk.home().answer(1, encoded(*SigninDesk::schema(), user_json));
  desk.home().end_turn();
  CHECK(desk.outcomes.size() == 1);
  CHECK(desk.driver->under_way());
}

TEST_CASE("What was cut off and does more than read may have been carried out, in a late step",
          "[signin_driver]") {
  SigninDesk desk;
  desk.step(phone);
  desk.home().come_up();
  desk.home().go_down("reset");
  const auto outcome = desk.driver->late(5s);
  REQUIRE(outcome.failure);
  CHECK(outcome.failure->error == "OutcomeUnknown");
  CHECK(outcome.failure->text.find("reset") != std::string::npos);
}

TEST_CASE("What was cut off and only reads was not reached, in a late step", "[signin_driver]") {
  SigninDesk desk;
  REQUIRE_FALSE(desk.step("{}", true));
  CHECK(desk.called() == "users.getUsers");
  desk.home().come_up();
  desk.home().go_down("reset");
  const auto outcome = desk.driver->late(5s);
  REQUIRE(outcome.failure);
  CHECK(outcome.failure->error == "ConnectionError");
}

TEST_CASE("A connection that failed and is there again makes a late step late and no more",
          "[signin_driver]") {
  SigninDesk desk;
  desk.step("{}", true);
  desk.home().come_up();
  desk.home().go_down("reset");
  desk.home().come_up();
  desk.home().end_turn();
  CHECK_FALSE(desk.driver->late(5s).failure);
}

TEST_CASE("A late step on its way to another data centre is not gone on with there",
          "[signin_driver]") {
  SigninDesk desk;
  desk.step(phone);
  desk.refuse(303, "PHONE_MIGRATE_4");
  CHECK(desk.driver->late(5s).text.find("rpc_timeout") != std::string::npos);
  desk.home().come_up();
  desk.home().end_turn();
  CHECK(desk.home().sent.empty());
  CHECK(desk.outcomes.empty());
}

TEST_CASE("A closed driver tells nobody, and forgets its call", "[signin_driver]") {
  SigninDesk desk;
  desk.step(phone);
  desk.driver->close();
  CHECK(desk.home().forgotten.size() == 1);
  desk.answer(sent_code);
  CHECK(desk.outcomes.empty());
}

TEST_CASE("A driver that goes in the midst of a turn leaves nothing behind that would be told",
          "[signin_driver]") {
  SigninDesk desk;
  desk.step(phone);
  desk.client.then = [&](const std::string&) {
    desk.driver->close();
    desk.driver.reset();
  };
  desk.home().user.on_pushed(word(5));
  desk.answer(sent_code);
  CHECK(desk.client.heard == Lines{"pushed 5"});
  CHECK(desk.outcomes.empty());
}

TEST_CASE("Whoever is known to be nobody is not asked about again", "[signin_driver]") {
  SigninDesk desk;
  desk.step("{}", true);
  desk.refuse(401, "AUTH_KEY_UNREGISTERED");
  CHECK(desk.says(R"("state":"start")"));
  desk.step("{}", true);
  CHECK(desk.home().sent.size() == 1);
  CHECK(desk.outcomes.size() == 2);
  desk.driver->reset();
  desk.step("{}", true);
  CHECK(desk.home().sent.size() == 2);
}

TEST_CASE("A key that opens nothing any more ends a sign-in that is done, and none under way",
          "[signin_driver]") {
  SigninDesk desk;
  ask_for_code(desk);
  desk.driver->signed_out();
  CHECK(desk.driver->state() == "code");
  desk.step(R"({"code":"22222"})");
  desk.answer(user_json);
  desk.driver->signed_out();
  CHECK(desk.driver->state() == "start");
}

TEST_CASE("A step that signs out closes what is open elsewhere", "[signin_driver]") {
  SigninDesk desk;
  ask_for_code(desk);
  desk.step(R"({"code":"22222"})");
  desk.answer(user_json);
  call(*desk.account, mtproto::DcId(3), desk.client, 1);
  auto& there = *desk.world.upstreams.back();
  desk.step(R"({"sign_out":true})");
  auto& home = desk.world.upstream(0);
  home.answer(home.sent.size() - 1,
              encoded(*SigninDesk::schema(), R"({"_cons":"auth.loggedOut"})"));
  home.end_turn();
  CHECK(there.closed);
  CHECK(desk.client.heard == Lines{"1 lost"});
  CHECK(desk.driver->state() == "start");
}

TEST_CASE("A step with a reCAPTCHA's token is said inside invokeWithReCaptcha", "[signin_driver]") {
  SigninDesk desk;
  REQUIRE_FALSE(desk.step(phone));
  desk.refuse(403, "RECAPTCHA_CHECK_signup__6L-_x");
  CHECK(desk.says(R"("recaptcha":{"action":"signup","key":"6L-_x"})"));
  CHECK(desk.driver->state() == "start");
  const auto bare = desk.home().sent[0].body;
  REQUIRE_FALSE(desk.step(phone, false, "03AF"));
  tl::Reader in(desk.home().sent[1].body);
  CHECK(in.nat() == 0xadbb0f94);
  CHECK(tl::as_text(in.bytes()) == "03AF");
  CHECK(std::ranges::equal(in.rest(), tl::ByteView(bare)));
  desk.answer(sent_code);
  CHECK(desk.driver->state() == "code");
}

TEST_CASE("What a step only reads needs no reCAPTCHA's token", "[signin_driver]") {
  SigninDesk desk;
  ask_for_code(desk);
  desk.step(R"({"code":"22222"})", false, "03AF");
  desk.refuse(401, "SESSION_PASSWORD_NEEDED");
  CHECK(desk.called() == "account.getPassword");
}
