#include <catch2/catch.hpp>

#include "mtproto/crypto/srp.hpp"
#include "tests/server/sandbox/fixture.hpp"

using namespace fixture;

namespace {

std::string check_password(Client& client, const Value& password, std::string_view given,
                           support::ScriptedRandom& random) {
  const auto& algo = password["current_algo"];
  const auto copy = [](tl::ByteView bytes) { return tl::Bytes(bytes.begin(), bytes.end()); };
  mtproto::SrpAlgorithm algorithm;
  algorithm.salt1 = copy(algo["salt1"].as_bytes());
  algorithm.salt2 = copy(algo["salt2"].as_bytes());
  algorithm.g = static_cast<std::int32_t>(number(algo["g"]));
  algorithm.p = copy(algo["p"].as_bytes());
  const auto answer =
      mtproto::srp_answer(algorithm, password["srp_B"].as_bytes(), tl::as_bytes(given), random);
  REQUIRE(answer.has_value());
  const tl::Builder make(client.arena());
  const auto reply = client.call(make.object(
      "auth.checkPassword",
      {{"password", make.object("inputCheckPasswordSRP", {{"srp_id", password["srp_id"]},
                                                          {"A", make.bytes(answer->A)},
                                                          {"M1", make.bytes(answer->M1)}})}}));
  if (reply.constructor() == "rpc_error") return std::string(reply["error_message"].text());
  return std::string(reply["user"]["first_name"].text());
}

}  // namespace

TEST_CASE("a test number signs in with its data centre's digit five times") {
  Fixture fixture;
  Client client(fixture);
  const auto sent = client.call(
      "{'_cons':'auth.sendCode','phone_number':'+9996620001','api_id':1,'api_hash':'x'}");
  CHECK(sent.constructor() == "auth.sentCode");
  CHECK(sent["type"].constructor() == "auth.sentCodeTypeApp");
  CHECK(number(sent["type"]["length"]) == 5);
  CHECK(sent["next_type"].constructor() == "auth.codeTypeSms");
  CHECK(number(sent["timeout"]) > 0);
  const auto done = client.sign_in("9996620001", "22222");
  CHECK(done.constructor() == "auth.authorization");
  CHECK(done["user"]["first_name"].text() == "Ada");
  CHECK(done["user"]["self"].as_bool());
}

TEST_CASE("a number that is none of this world is refused") {
  Fixture fixture;
  Client client(fixture);
  for (const auto* phone : {"9996640001", "9996600001", "999662000", "99966200011", "hello", ""}) {
    CHECK(client.refused("{'_cons':'auth.sendCode','phone_number':'" + std::string(phone) +
                         "','api_id':1,'api_hash':'x'}") == "400 PHONE_NUMBER_INVALID");
  }
}

TEST_CASE("a number at home elsewhere is sent there") {
  Fixture fixture;
  Client here(fixture, 2);
  CHECK(here.refused("{'_cons':'auth.sendCode','phone_number':'9996610003','api_id':1,"
                     "'api_hash':'x'}") == "303 PHONE_MIGRATE_1");
  Client there(fixture, 1);
  CHECK(there.sign_in("9996610003", "11111")["user"]["first_name"].text() == "Alan");
}

TEST_CASE("an application without an id is refused as Telegram does") {
  Fixture fixture;
  Client client(fixture);
  const auto query =
      client.encoded(*tl::read_json(R"({"_cons":"help.getConfig"})", client.arena()));
  CHECK(client.decode(client.raw(query), tl::any_object)["error_message"].text() ==
        "CONNECTION_NOT_INITED");
  CHECK(
      client.decode(client.raw(client.wrapped(query, 0)), tl::any_object)["error_message"].text() ==
      "CONNECTION_API_ID_INVALID");
  CHECK(client.decode(client.raw(client.wrapped(query, 5)), tl::any_object).constructor() ==
        "config");
  // From then on the key is known.
  CHECK(client.decode(client.raw(query), tl::any_object).constructor() == "config");
  CHECK(client.refused("{'_cons':'auth.sendCode','phone_number':'9996620001','api_id':0,"
                       "'api_hash':'x'}") == "400 API_ID_INVALID");
}

TEST_CASE("each thing that can be wrong with a code has its own word") {
  Fixture fixture;
  Client client(fixture);
  const auto sent = client.call(
      "{'_cons':'auth.sendCode','phone_number':'9996620001','api_id':1,'api_hash':'x'}");
  const auto hash = std::string(sent["phone_code_hash"].text());
  const auto with = [&](const std::string& given_hash, const std::string& code) {
    return client.refused("{'_cons':'auth.signIn','phone_number':'9996620001','phone_code_hash':'" +
                          given_hash + "','phone_code':'" + code + "'}");
  };
  CHECK(with(hash, "33333") == "400 PHONE_CODE_INVALID");
  CHECK(with(hash, "") == "400 PHONE_CODE_EMPTY");
  CHECK(with("abc", "22222") == "400 PHONE_CODE_EXPIRED");
  CHECK(with("", "22222") == "400 PHONE_CODE_HASH_EMPTY");

  SECTION("the right one still works") { CHECK(with(hash, "22222") == ""); }
  SECTION("it can be sent by SMS, once") {
    const auto resend =
        "{'_cons':'auth.resendCode','phone_number':'9996620001',"
        "'phone_code_hash':'" +
        hash + "'}";
    CHECK(client.call(resend)["type"].constructor() == "auth.sentCodeTypeSms");
    CHECK(client.refused(resend) == "406 SEND_CODE_UNAVAILABLE");
    CHECK(with(hash, "22222") == "");
    CHECK(with(hash, "22222") == "400 PHONE_CODE_EXPIRED");
  }
  SECTION("it can be cancelled") {
    CHECK(client.refused("{'_cons':'auth.cancelCode','phone_number':'9996620001',"
                         "'phone_code_hash':'" +
                         hash + "'}") == "");
    CHECK(with(hash, "22222") == "400 PHONE_CODE_EXPIRED");
  }
  SECTION("it grows old") {
    fixture.pass(std::chrono::minutes(9));
    CHECK(with(hash, "33333") == "400 PHONE_CODE_INVALID");
    fixture.pass(std::chrono::minutes(1));
    CHECK(with(hash, "22222") == "400 PHONE_CODE_EXPIRED");
  }
  SECTION("it can't be guessed for ever") {
    std::string last;
    for (int i = 0; i < 20; ++i) last = with(hash, "00000");
    CHECK(last == "400 PHONE_CODE_EXPIRED");
  }
}

TEST_CASE("a number without an account signs up, once") {
  Fixture fixture;
  Client client(fixture, 3);
  const auto sent = client.call(
      "{'_cons':'auth.sendCode','phone_number':'9996630042','api_id':1,'api_hash':'x'}");
  const auto hash = std::string(sent["phone_code_hash"].text());
  const auto sign_up = [&](const std::string& name) {
    return client.refused("{'_cons':'auth.signUp','phone_number':'9996630042','phone_code_hash':'" +
                          hash + "','first_name':'" + name + "','last_name':'Hamilton'}");
  };
  CHECK(sign_up("Margaret") == "400 PHONE_CODE_EMPTY");
  CHECK(client
            .call("{'_cons':'auth.signIn','phone_number':'9996630042','phone_code_hash':'" + hash +
                  "','phone_code':'33333'}")
            .constructor() == "auth.authorizationSignUpRequired");
  CHECK(sign_up("  ") == "400 FIRSTNAME_INVALID");
  CHECK(sign_up("Margaret") == "");
  CHECK(client.call("{'_cons':'users.getUsers','id':[{'_cons':'inputUserSelf'}]}")
            .items()[0]["last_name"]
            .text() == "Hamilton");
  CHECK(sign_up("Margaret") == "400 PHONE_CODE_EXPIRED");
  Client again(fixture, 3);
  CHECK(again.sign_in("9996630042", "33333")["user"]["first_name"].text() == "Margaret");
}

TEST_CASE("a two-step password is asked for, and only the right one opens") {
  Fixture fixture;
  Client client(fixture);
  const auto asked = client.sign_in("9996620002", "22222");
  CHECK(asked["error_message"].text() == "SESSION_PASSWORD_NEEDED");
  CHECK(number(asked["error_code"]) == 401);
  CHECK(client.refused("{'_cons':'updates.getState'}") == "401 SESSION_PASSWORD_NEEDED");
  const auto password = client.call("{'_cons':'account.getPassword'}");
  CHECK(password["has_password"].as_bool());
  CHECK(password["hint"].text() == "the obvious one");
  CHECK(check_password(client, password, "Sandbox", fixture.random) == "PASSWORD_HASH_INVALID");
  // A challenge is good for one try.
  CHECK(check_password(client, password, "sandbox", fixture.random) == "SRP_ID_INVALID");
  const auto fresh = client.call("{'_cons':'account.getPassword'}");
  CHECK(check_password(client, fresh, "sandbox", fixture.random) == "Grace");
  CHECK(client.refused("{'_cons':'updates.getState'}") == "");
}

TEST_CASE("the echo bot's token signs in and no other does") {
  Fixture fixture;
  Client client(fixture);
  CHECK(client.refused("{'_cons':'auth.importBotAuthorization','flags':0,'api_id':1,"
                       "'api_hash':'x','bot_auth_token':'1:2'}") != "");
  const tl::Builder make(client.arena());
  const auto with = [&](Client& from, std::string_view token) {
    return from.call(
        make.object("auth.importBotAuthorization", {{"flags", Value::integer(0)},
                                                    {"api_id", Value::integer(1)},
                                                    {"api_hash", Value::string("x")},
                                                    {"bot_auth_token", Value::string(token)}}));
  };
  CHECK(with(client, "1000001:wrong")["error_message"].text() == "ACCESS_TOKEN_INVALID");
  CHECK(with(client, echo_bot_token)["user"]["username"].text() == "echobot");
  Client elsewhere(fixture, 1);
  CHECK(with(elsewhere, echo_bot_token)["error_message"].text() == "USER_MIGRATE_2");
}

TEST_CASE("nobody's calls are refused until somebody signs in, and again after signing out") {
  Fixture fixture;
  Client client(fixture);
  CHECK(client.refused("{'_cons':'updates.getState'}") == "401 AUTH_KEY_UNREGISTERED");
  CHECK(client.refused("{'_cons':'help.getNearestDc'}") == "");
  client.sign_in("9996620001", "22222");
  CHECK(client.refused("{'_cons':'updates.getState'}") == "");
  CHECK(client.call("{'_cons':'auth.logOut'}").constructor() == "auth.loggedOut");
  CHECK(client.refused("{'_cons':'updates.getState'}") == "401 AUTH_KEY_UNREGISTERED");
}

TEST_CASE("an authorization is carried to another data centre once") {
  Fixture fixture;
  Client home(fixture, 2);
  home.sign_in("9996620001", "22222");
  CHECK(home.refused("{'_cons':'auth.exportAuthorization','dc_id':2}") == "400 DC_ID_INVALID");
  CHECK(home.refused("{'_cons':'auth.exportAuthorization','dc_id':7}") == "400 DC_ID_INVALID");
  const auto exported = home.call("{'_cons':'auth.exportAuthorization','dc_id':3}");
  Client wrong(fixture, 1);
  Client right(fixture, 3);
  const tl::Builder make(right.arena());
  const auto import = make.object("auth.importAuthorization",
                                  {{"id", exported["id"]}, {"bytes", exported["bytes"]}});
  CHECK(wrong.call(import)["error_message"].text() == "AUTH_BYTES_INVALID");
  CHECK(right.call(import)["user"]["first_name"].text() == "Ada");
  CHECK(right.call(import)["error_message"].text() == "AUTH_BYTES_INVALID");
  CHECK(right.refused("{'_cons':'updates.getState'}") == "");
}

namespace {

// Ada at home, and her authorization in data centre 3.
struct Carried {
  Fixture fixture;
  Client home{fixture, 2};
  Client there{fixture, 3};
  std::string me = "{'_cons':'users.getUsers','id':[{'_cons':'inputUserSelf'}]}";

  Carried() {
    home.sign_in("9996620001", "22222");
    const auto exported = home.call("{'_cons':'auth.exportAuthorization','dc_id':3}");
    there.call(tl::Builder(there.arena())
                   .object("auth.importAuthorization",
                           {{"id", exported["id"]}, {"bytes", exported["bytes"]}}));
  }
};

}  // namespace

TEST_CASE("a session that was brought to another data centre hears updates once it asks for them") {
  Carried c;
  c.there.call(c.me);
  c.home.send("{'_cons':'inputPeerSelf'}", "one");
  CHECK(c.there.heard.empty());
  c.there.call("{'_cons':'updates.getState'}");
  c.there.call(c.me);
  c.home.send("{'_cons':'inputPeerSelf'}", "two");
  CHECK(c.there.updates().size() == 1);
}

TEST_CASE("a session that only moves files hears no updates") {
  Fixture fixture;
  Client ada(fixture);
  ada.sign_in("9996620001", "22222");
  Client files(fixture, 2, ada.address().key);
  files.call("{'_cons':'upload.saveFilePart','file_id':1,'file_part':0,'bytes':'AAAA'}");
  ada.send("{'_cons':'inputPeerSelf'}", "one");
  CHECK(files.heard.empty());
}

TEST_CASE("what was brought to another data centre ends with the authorization at home") {
  Carried ada;
  CHECK(ada.there.refused(ada.me) == "");
  ada.home.call("{'_cons':'auth.logOut'}");
  CHECK(ada.there.refused(ada.me) == "401 AUTH_KEY_UNREGISTERED");
}

TEST_CASE("an authorization and what was brought elsewhere of it count as one") {
  Carried ada;
  const auto list = ada.home.call("{'_cons':'account.getAuthorizations'}");
  CHECK(list["authorizations"].items().size() == 1);
  CHECK(ada.home.refused("{'_cons':'auth.resetAuthorizations'}") == "");
  CHECK(ada.there.refused(ada.me) == "");
  CHECK(ada.there.refused("{'_cons':'auth.resetAuthorizations'}") == "");
  CHECK(ada.home.refused(ada.me) == "");
}

TEST_CASE("what was exported is of no use once its owner has signed out") {
  Fixture fixture;
  Client home(fixture, 2);
  home.sign_in("9996620001", "22222");
  const auto exported = home.call("{'_cons':'auth.exportAuthorization','dc_id':3}");
  home.call("{'_cons':'auth.logOut'}");
  Client there(fixture, 3);
  const auto import = tl::Builder(there.arena())
                          .object("auth.importAuthorization",
                                  {{"id", exported["id"]}, {"bytes", exported["bytes"]}});
  CHECK(there.call(import)["error_message"].text() == "AUTH_BYTES_INVALID");
}

TEST_CASE("statistics are kept in one data centre and the others send there") {
  Carried ada;
  const std::string graph = "{'_cons':'stats.loadAsyncGraph','token':'messages'}";
  CHECK(ada.home.refused(graph) == "303 STATS_MIGRATE_3");
  const auto answer = ada.there.call(graph);
  CHECK(answer.constructor() == "statsGraph");
  CHECK(answer["json"]["data"].text().starts_with("{\"columns\":[[\"x\","));
  CHECK(ada.there.refused("{'_cons':'stats.loadAsyncGraph','token':'x'}") ==
        "400 GRAPH_INVALID_RELOAD");
}

TEST_CASE("the code also comes from the service account to whoever is signed in already") {
  Fixture fixture;
  Client first(fixture);
  first.sign_in("9996620001", "22222");
  first.updates();
  Client second(fixture);
  second.sign_in("9996620001", "22222");
  const auto heard = first.updates();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].constructor() == "updateNewMessage");
  CHECK(number(heard[0]["message"]["peer_id"]["user_id"]) == 777000);
  CHECK(heard[0]["message"]["message"].text().find("22222") != std::string_view::npos);
}

TEST_CASE("one authorization can end the others") {
  Fixture fixture;
  Client one(fixture), two(fixture), three(fixture);
  for (auto* client : {&one, &two, &three}) client->sign_in("9996620001", "22222");
  const auto list = one.call("{'_cons':'account.getAuthorizations'}")["authorizations"];
  CHECK(list.items().size() == 3);
  CHECK(one.refused("{'_cons':'auth.resetAuthorizations'}") == "");
  CHECK(one.refused("{'_cons':'updates.getState'}") == "");
  CHECK(two.refused("{'_cons':'updates.getState'}") == "401 AUTH_KEY_UNREGISTERED");
  CHECK(three.refused("{'_cons':'updates.getState'}") == "401 AUTH_KEY_UNREGISTERED");
}

namespace {

// What a request for a code with those tokens comes to.
Value send_code(Client& client, std::string_view phone, std::vector<Value> tokens) {
  const tl::Builder make(client.arena());
  return client.call(make.object(
      "auth.sendCode",
      {{"phone_number", Value::string(phone)},
       {"api_id", Value::integer(1)},
       {"api_hash", Value::string("x")},
       {"settings", make.object("codeSettings", {{"logout_tokens",
                                                  make.array(std::span<const Value>(tokens))}})}}));
}

}  // namespace

TEST_CASE("who signed out comes again without a code, until the token is old") {
  Fixture fixture;
  Client ada(fixture);
  ada.sign_in("9996620001", "22222");
  const auto token = ada.call("{'_cons':'auth.logOut'}")["future_auth_token"];
  REQUIRE(token.as_bytes().size() == 32);
  const auto wrong = Value::bytes(tl::as_bytes("some other token"));
  CHECK(send_code(ada, "9996620001", {wrong}).constructor() == "auth.sentCode");
  CHECK(send_code(ada, "9996620003", {token}).constructor() == "auth.sentCode");
  CHECK(send_code(ada, "9996620001", std::vector<Value>(20, wrong)).constructor() ==
        "auth.sentCode");
  const auto entered = send_code(ada, "9996620001", {wrong, token});
  CHECK(entered.constructor() == "auth.sentCodeSuccess");
  CHECK(entered["authorization"]["user"]["first_name"].text() == "Ada");
  CHECK(ada.refused("{'_cons':'updates.getState'}") == "");
  Client again(fixture);
  CHECK(send_code(again, "9996620001", {token}).constructor() == "auth.sentCodeSuccess");
  fixture.pass(std::chrono::hours(180 * 24));
  Client late(fixture);
  CHECK(send_code(late, "9996620001", {token}).constructor() == "auth.sentCode");
}

TEST_CASE("a token does not stand for the two-step password") {
  Fixture fixture;
  Client grace(fixture);
  grace.sign_in("9996620002", "22222");
  const auto password = grace.call("{'_cons':'account.getPassword'}");
  REQUIRE(check_password(grace, password, "sandbox", fixture.random) == "Grace");
  const auto token = grace.call("{'_cons':'auth.logOut'}")["future_auth_token"];
  Client again(fixture);
  CHECK(send_code(again, "9996620002", {token})["error_message"].text() ==
        "SESSION_PASSWORD_NEEDED");
  CHECK(again.refused("{'_cons':'updates.getState'}") == "401 SESSION_PASSWORD_NEEDED");
}

TEST_CASE("who ends all other sessions ends the tokens for later ones") {
  Fixture fixture;
  Client ada(fixture);
  const auto token = ada.sign_in("9996620001", "22222")["future_auth_token"];
  Client other(fixture);
  CHECK(send_code(other, "9996620001", {token}).constructor() == "auth.sentCodeSuccess");
  ada.call("{'_cons':'auth.resetAuthorizations'}");
  Client again(fixture);
  CHECK(send_code(again, "9996620001", {token}).constructor() == "auth.sentCode");
}

TEST_CASE("who has nothing but the SMS is urged to set up a password") {
  Fixture fixture;
  Client ada(fixture);
  CHECK(ada.sign_in("9996620001", "22222")["setup_password_required"].is_null());
  Client by_sms(fixture);
  const auto hash = std::string(send_code(by_sms, "9996620001", {})["phone_code_hash"].text());
  const auto which = ",'phone_number':'9996620001','phone_code_hash':'" + hash + "'";
  by_sms.call("{'_cons':'auth.resendCode'" + which + "}");
  const auto done = by_sms.call("{'_cons':'auth.signIn'" + which + ",'phone_code':'22222'}");
  CHECK(done["setup_password_required"].as_bool());
  CHECK(number(done["otherwise_relogin_days"]) == 7);
}

TEST_CASE("a number whose code is dear gets it once it was paid for") {
  Fixture fixture;
  Client client(fixture);
  const auto wanted = send_code(client, "9996620402", {});
  CHECK(wanted.constructor() == "auth.sentCodePaymentRequired");
  CHECK(wanted["support_email_address"].text() == "login@example.org");
  const auto which = ",'phone_number':'9996620402','phone_code_hash':'" +
                     std::string(wanted["phone_code_hash"].text()) + "'";
  const auto sign_in = "{'_cons':'auth.signIn'" + which + ",'phone_code':'22222'}";
  CHECK(client.refused(sign_in) == "400 PAYMENT_REQUIRED");
  CHECK(client.call("{'_cons':'auth.checkPaidAuth'" + which + ",'form_id':7}").constructor() ==
        "auth.sentCodePaymentRequired");
  const auto sent = client.call("{'_cons':'auth.checkPaidAuth'" + which + ",'form_id':1}");
  CHECK(sent["type"].constructor() == "auth.sentCodeTypeSms");
  CHECK(client.refused(sign_in) == "");
}
