// What is taken off an account by who can't use it any more: an e-mail address, a password.
#include <catch2/catch.hpp>

#include "tests/server/sandbox/fixture.hpp"

using namespace fixture;

namespace {

constexpr auto week = std::chrono::hours(7 * 24);

// Ada, whose codes go to an e-mail address.
struct ByEmail {
  Fixture fixture;
  Client client{fixture};
  std::string which;  // the last code

  ByEmail() {
    Client home(fixture);
    home.sign_in("9996620001", "22222");
    const std::string purpose = "'purpose':{'_cons':'emailVerifyPurposeLoginChange'}";
    const auto send = [&](const std::string& address) {
      return "{'_cons':'account.sendVerifyEmailCode'," + purpose + ",'email':'" + address + "'}";
    };
    const auto verify = [&](const std::string& code) {
      return "{'_cons':'account.verifyEmail'," + purpose +
             ",'verification':{'_cons':'emailVerificationCode','code':'" + code + "'}}";
    };
    CHECK(home.refused(verify("222222")) == "400 EMAIL_VERIFY_EXPIRED");
    CHECK(home.refused(send("ada")) == "400 EMAIL_INVALID");
    CHECK(home.call(send("ada@example.org"))["email_pattern"].text() == "a*a@example.org");
    CHECK(home.refused(verify("22222")) == "400 CODE_INVALID");
    CHECK(home.call(verify("222222"))["email"].text() == "ada@example.org");
  }

  Value ask() {
    const auto sent = client.call(
        "{'_cons':'auth.sendCode','phone_number':'9996620001','api_id':1,'api_hash':'x'}");
    which = ",'phone_number':'9996620001','phone_code_hash':'" +
            std::string(sent["phone_code_hash"].text()) + "'";
    return sent["type"];
  }
  std::string reset() const { return "{'_cons':'auth.resetLoginEmail'" + which + "}"; }
  std::string sign_in(const std::string& code) const {
    return "{'_cons':'auth.signIn'" + which +
           ",'email_verification':{'_cons':'emailVerificationCode','code':'" + code + "'}}";
  }
};

}  // namespace

TEST_CASE("a code goes to the e-mail address that was set for it") {
  ByEmail ada;
  const auto type = ada.ask();
  CHECK(type.constructor() == "auth.sentCodeTypeEmailCode");
  CHECK(type["email_pattern"].text() == "a*a@example.org");
  CHECK(number(type["length"]) == 6);
  CHECK(number(type["reset_available_period"]) == 7 * 86'400);
  CHECK(ada.client.refused("{'_cons':'auth.signIn'" + ada.which + ",'phone_code':'222222'}") ==
        "400 PHONE_CODE_EMPTY");
  CHECK(ada.client.refused(ada.sign_in("22222")) == "400 PHONE_CODE_INVALID");
  CHECK(ada.client.refused(ada.sign_in("222222")) == "");
}

TEST_CASE("an e-mail address goes a week after that was asked for") {
  ByEmail ada;
  ada.ask();
  const auto asked = ada.client.call(ada.reset());
  const auto date = number(asked["type"]["reset_pending_date"]);
  CHECK(date == ada.fixture.world.date() + 7 * 86'400);
  CHECK(asked["type"]["reset_available_period"].is_null());
  CHECK(ada.client.refused(ada.reset()) == "400 TASK_ALREADY_EXISTS");
  ada.fixture.pass(week);
  CHECK(number(ada.ask()["reset_pending_date"]) == date);
  CHECK(ada.client.call(ada.reset())["type"].constructor() == "auth.sentCodeTypeSms");
  CHECK(ada.client.refused("{'_cons':'auth.signIn'" + ada.which + ",'phone_code':'22222'}") == "");
  Client later(ada.fixture);
  CHECK(later.sign_in("9996620001", "22222")["user"]["first_name"].text() == "Ada");
}

TEST_CASE("a code that did not go by e-mail has no address to take off") {
  ByEmail ada;
  Client grace(ada.fixture);
  const auto sent =
      grace.call("{'_cons':'auth.sendCode','phone_number':'9996620002','api_id':1,'api_hash':'x'}");
  CHECK(grace.refused("{'_cons':'auth.resetLoginEmail','phone_number':'9996620002',"
                      "'phone_code_hash':'" +
                      std::string(sent["phone_code_hash"].text()) + "'}") ==
        "400 EMAIL_INSTALL_MISSING");
}

TEST_CASE("a password goes a week after who is signed in asked for that, unless it is taken back") {
  Fixture fixture;
  Client client(fixture);
  const std::string reset = "{'_cons':'account.resetPassword'}";
  CHECK(client.refused(reset) == "401 AUTH_KEY_UNREGISTERED");
  client.sign_in("9996620002", "22222");
  CHECK(client.refused(reset) == "401 SESSION_PASSWORD_NEEDED");
  // As if the password had been entered.
  auto& grace = *fixture.world.accounts.by_phone("9996620002");
  auto& key = fixture.world.sign_in.key(client.address().key, 2);
  fixture.world.sign_in.sign_in(key, grace.id, fixture.world.date(), fixture.random);
  CHECK(client.refused("{'_cons':'account.declinePasswordReset'}") == "400 RESET_REQUEST_MISSING");
  const auto asked = client.call(reset);
  CHECK(asked.constructor() == "account.resetPasswordRequestedWait");
  const auto date = number(asked["until_date"]);
  CHECK(date == fixture.world.date() + 7 * 86'400);
  CHECK(number(client.call("{'_cons':'account.getPassword'}")["pending_reset_date"]) == date);
  fixture.pass(std::chrono::hours(1));
  CHECK(number(client.call(reset)["until_date"]) == date);
  SECTION("after that week") {
    fixture.pass(week);
    CHECK(client.call(reset).constructor() == "account.resetPasswordOk");
    CHECK(client.refused(reset) == "400 PASSWORD_EMPTY");
    Client again(fixture);
    CHECK(again.sign_in("9996620002", "22222")["user"]["first_name"].text() == "Grace");
  }
  SECTION("taken back") {
    CHECK(client.refused("{'_cons':'account.declinePasswordReset'}") == "");
    const auto failed = client.call(reset);
    CHECK(failed.constructor() == "account.resetPasswordFailedWait");
    CHECK(number(failed["retry_date"]) == fixture.world.date() + 7 * 86'400);
  }
}
