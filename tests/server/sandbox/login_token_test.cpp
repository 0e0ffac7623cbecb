// Login tokens: shown by one session, accepted by another.
#include <catch2/catch.hpp>

#include "tests/server/sandbox/fixture.hpp"
#include "tl/base64.hpp"

using namespace fixture;
using namespace std::chrono_literals;

namespace {

std::string base64(tl::ByteView bytes) {
  std::string out;
  tl::append_base64(bytes, out);
  return out;
}

Value export_token(Client& client, std::string_view except = "") {
  return client.call("{'_cons':'auth.exportLoginToken','api_id':1,'api_hash':'x','except_ids':[" +
                     std::string(except) + "]}");
}

std::string with_token(std::string_view method, const Value& token) {
  return "{'_cons':'auth." + std::string(method) + "LoginToken','token':'" +
         base64(token["token"].as_bytes()) + "'}";
}

// A session with its own key, signed in.
struct Ada : Client {
  explicit Ada(Fixture& fixture) : Client(fixture) { sign_in("9996620001", "22222"); }
};

}  // namespace

TEST_CASE("a token lives for half a minute") {
  Fixture fixture;
  Client client(fixture);
  Ada ada(fixture);
  const auto token = export_token(client);
  CHECK(token.constructor() == "auth.loginToken");
  CHECK(number(token["expires"]) == 1'800'000'030);
  CHECK(token["token"].as_bytes().size() >= 16);
  SECTION("to its last moment") {
    fixture.pass(30s - 1us);
    CHECK(ada.refused(with_token("accept", token)) == "");
  }
  SECTION("and no longer") {
    fixture.pass(30s);
    CHECK(ada.refused(with_token("accept", token)) == "400 AUTH_TOKEN_EXPIRED");
    CHECK(client.updates().empty());
    CHECK(client.heard.empty());
  }
}

TEST_CASE("who shows it is told of the scan, and then signed in") {
  Fixture fixture;
  Client client(fixture);
  Client bystander(fixture);
  Ada ada(fixture);
  const auto token = export_token(client);
  export_token(bystander);
  const auto accepted = ada.call(with_token("accept", token));
  CHECK(accepted.constructor() == "authorization");
  CHECK_FALSE(accepted["current"].as_bool());
  CHECK(accepted["device_model"].text() == "test");
  CHECK(number(accepted["date_created"]) == 1'800'000'000);

  REQUIRE(client.heard.size() == 1);
  CHECK(client.heard[0].constructor() == "updateShort");
  CHECK(client.heard[0]["update"].constructor() == "updateLoginToken");
  CHECK(bystander.heard.empty());
  CHECK(ada.heard.empty());

  const auto done = export_token(client);
  CHECK(done.constructor() == "auth.loginTokenSuccess");
  CHECK(done["authorization"].constructor() == "auth.authorization");
  CHECK(done["authorization"]["user"]["first_name"].text() == "Ada");
  CHECK(number(client.call("{'_cons':'updates.getState'}")["pts"]) > 0);
  // Its owner can end it.
  CHECK(ada.refused("{'_cons':'account.resetAuthorization','hash':" +
                    std::to_string(number(accepted["hash"])) + "}") == "");
  CHECK(client.refused("{'_cons':'updates.getState'}") == "401 AUTH_KEY_UNREGISTERED");
}

TEST_CASE("a token is good once") {
  Fixture fixture;
  Client client(fixture);
  Ada ada(fixture);
  const auto token = export_token(client);
  ada.call(with_token("accept", token));
  CHECK(ada.refused(with_token("accept", token)) == "400 AUTH_TOKEN_ALREADY_ACCEPTED");
  CHECK(export_token(client).constructor() == "auth.loginTokenSuccess");
  CHECK(ada.refused(with_token("accept", token)) == "400 AUTH_TOKEN_INVALIDX");
  CHECK(client.refused(with_token("import", token)) == "400 AUTH_TOKEN_INVALID");
}

TEST_CASE("a token that was accepted waits to be fetched, though not for ever") {
  Fixture fixture;
  Client client(fixture);
  Ada ada(fixture);
  ada.call(with_token("accept", export_token(client)));
  SECTION("some minutes") {
    fixture.pass(4min);
    CHECK(export_token(client).constructor() == "auth.loginTokenSuccess");
  }
  SECTION("not an hour") {
    fixture.pass(1h);
    CHECK(export_token(client).constructor() == "auth.loginToken");
  }
}

TEST_CASE("the token before the last one works too") {
  Fixture fixture;
  Client client(fixture);
  Ada ada(fixture);
  const auto first = export_token(client);
  fixture.pass(20s);
  const auto second = export_token(client);
  CHECK(base64(first["token"].as_bytes()) != base64(second["token"].as_bytes()));
  CHECK(ada.refused(with_token("accept", first)) == "");
  CHECK(export_token(client).constructor() == "auth.loginTokenSuccess");
}

TEST_CASE("an account with a password asks for it") {
  Fixture fixture;
  Client client(fixture);
  Client grace(fixture);
  grace.sign_in("9996620002", "22222");
  CHECK(grace.refused(with_token("accept", export_token(client))) == "401 SESSION_PASSWORD_NEEDED");

  // Its two-step password, given to a session that has passed it.
  auto* user = fixture.world.accounts.by_phone("9996620002");
  REQUIRE(user->two_step);
  fixture.world.sign_in.sign_in(fixture.world.sign_in.key(grace.address().key, 2), user->id, 0,
                                fixture.random);
  CHECK(grace.refused(with_token("accept", export_token(client))) == "");
  CHECK(client.refused("{'_cons':'auth.exportLoginToken','api_id':1,'api_hash':'x',"
                       "'except_ids':[]}") == "401 SESSION_PASSWORD_NEEDED");
  CHECK(client.call("{'_cons':'account.getPassword'}")["has_password"].as_bool());
}

TEST_CASE("an account at home elsewhere is fetched there") {
  Fixture fixture;
  Client here(fixture, 2);
  Client alan(fixture, 1);
  alan.sign_in("9996610003", "11111");
  const auto token = export_token(here);
  alan.call(with_token("accept", token));
  CHECK(here.heard.size() == 1);
  const auto moved = export_token(here);
  REQUIRE(moved.constructor() == "auth.loginTokenMigrateTo");
  CHECK(number(moved["dc_id"]) == 1);

  CHECK(here.refused(with_token("import", moved)) == "400 AUTH_TOKEN_INVALID");
  Client there(fixture, 1);
  const auto done = there.call(with_token("import", moved));
  CHECK(done.constructor() == "auth.loginTokenSuccess");
  CHECK(done["authorization"]["user"]["first_name"].text() == "Alan");
  CHECK(there.refused(with_token("import", moved)) == "400 AUTH_TOKEN_INVALID");
}

TEST_CASE("a token that nobody accepted can't be imported") {
  Fixture fixture;
  Client here(fixture, 2);
  Client there(fixture, 1);
  CHECK(there.refused(with_token("import", export_token(here))) == "400 AUTH_TOKEN_INVALID");
}

TEST_CASE("whom the showing side has already may not accept") {
  Fixture fixture;
  Client client(fixture);
  Ada ada(fixture);
  const auto own = ada.call("{'_cons':'users.getUsers','id':[{'_cons':'inputUserSelf'}]}");
  const auto id = std::to_string(number(own.items()[0]["id"]));
  CHECK(ada.refused(with_token("accept", export_token(client, "1," + id))) ==
        "400 AUTH_TOKEN_EXCEPTION");
  CHECK(client.heard.empty());
  CHECK(ada.refused(with_token("accept", export_token(client, "1"))) == "");
}

TEST_CASE("accepting takes somebody who is signed in, and is a person") {
  Fixture fixture;
  Client client(fixture);
  const auto token = export_token(client);
  Client nobody(fixture);
  CHECK(nobody.refused(with_token("accept", token)) == "401 AUTH_KEY_UNREGISTERED");
  nobody.call(
      "{'_cons':'auth.importBotAuthorization','flags':0,'api_id':1,'api_hash':'x',"
      "'bot_auth_token':'1000001:sandbox-echobot'}");
  CHECK(nobody.refused(with_token("accept", token)) == "400 BOT_METHOD_INVALID");
  CHECK(client.refused("{'_cons':'auth.exportLoginToken','api_id':0,'api_hash':'x',"
                       "'except_ids':[]}") == "400 API_ID_INVALID");
}
