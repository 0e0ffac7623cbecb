// What an account needs around raw calls: the prefix, errors by name, repeats, peers by name.
#include <catch2/catch.hpp>
#include <memory_resource>

#include "server/account/init_prefix.hpp"
#include "server/account/migration.hpp"
#include "server/account/peer_names.hpp"
#include "server/account/repeat.hpp"
#include "tests/support/hex.hpp"
#include "tl/json_reader.hpp"

using namespace server::account;
using namespace std::chrono_literals;

namespace {

server::AppIdentity somebody() {
  server::AppIdentity app;
  app.api_id = 5;
  app.device_model = "abc";
  app.system_version = "d";
  app.app_version = "0.1";
  app.lang_code = "en";
  return app;
}

mtproto::Time at(std::chrono::seconds seconds) { return mtproto::Time(seconds); }

std::string user(std::string_view id, std::string_view hash) {
  return R"({"_cons":"contacts.resolvedPeer","peer":{"_cons":"peerUser","user_id":)" +
         std::string(id) + R"(},"chats":[],"users":[{"_cons":"user","id":1,"access_hash":1},)" +
         R"({"_cons":"user","id":)" + std::string(id) + R"(,"access_hash":)" + std::string(hash) +
         "}]}";
}

bool learn(PeerNames& names, std::string_view name, std::string_view json, mtproto::Time now) {
  std::pmr::monotonic_buffer_resource arena;
  return names.learn(name, *tl::read_json(json, arena), now);
}

RpcError error_of(std::string_view message, int code = 400) {
  RpcError error;
  error.code = code;
  error.message = message;
  error.name = name_error(message);
  return error;
}

}  // namespace

TEST_CASE("the prefix names the layer and who we are") {
  CHECK(support::hex(init_prefix(somebody(), 228, true)) ==
        "0d0d9bdae4000000a95ecdc100000000050000000361626301640000"
        "03302e3102656e000000000002656e00");
}

TEST_CASE("without api_id the prefix names the layer alone") {
  CHECK(support::hex(init_prefix(somebody(), 228, false)) == "0d0d9bdae4000000");
}

TEST_CASE("an error's number is its value") {
  struct Row {
    const char* message;
    const char* name;
    std::optional<std::int64_t> value;
  };
  const Row rows[] = {
      {"FLOOD_WAIT_30", "FLOOD_WAIT", 30},
      {"PHONE_MIGRATE_2", "PHONE_MIGRATE", 2},
      {"INTERDC_2_CALL_ERROR", "INTERDC_X_CALL_ERROR", 2},
      {"FILE_PART_5_MISSING", "FILE_PART_X_MISSING", 5},
      {"2FA_CONFIRM_WAIT_100", "2FA_CONFIRM_WAIT", 100},
      {"PHONE_CODE_INVALID", "PHONE_CODE_INVALID", {}},
      {"ERROR_2FA", "ERROR_2FA", {}},
      {"MD5_INVALID", "MD5_INVALID", {}},
      {"A_99999999999999999999", "A_99999999999999999999", {}},
      {"_5", "_5", {}},
      {"5", "5", {}},
      {"", "", {}},
      {"A_1_B_2_C", "A_1_B_X_C", 2},
  };
  for (const auto& row : rows) {
    INFO(row.message);
    const auto [name, value] = name_error(row.message);
    CHECK(name == row.name);
    CHECK(value == row.value);
  }
}

TEST_CASE("an error gets its name and value, an answer is none") {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(
      R"({"_cons":"rpc_error","error_code":420,"error_message":"FLOOD_WAIT_30"})", arena);
  std::string out;
  tl::write_json(named_error(*value, arena), out);
  CHECK(out == R"({"_cons":"rpc_error","error_code":420,"error_message":"FLOOD_WAIT_30",)"
               R"("_name":"FLOOD_WAIT","_value":30})");
  CHECK(rpc_error(*value)->code == 420);
  CHECK_FALSE(rpc_error(*tl::read_json(R"({"_cons":"user"})", arena)));
}

TEST_CASE("a reCAPTCHA that is asked for is told with its action and its site's key") {
  const auto told = [](const std::string& message) {
    std::pmr::monotonic_buffer_resource arena;
    const auto value = tl::read_json(
        R"({"_cons":"rpc_error","error_code":403,"error_message":")" + message + "\"}", arena);
    std::string out;
    tl::write_json(named_error(*value, arena), out);
    return out.substr(out.find(R"("_name")"));
  };
  CHECK(told("RECAPTCHA_CHECK_signup__6LdcRsEqAAAAAHUaNCc1GUe47g5jKlO-bJJ_1234") ==
        R"("_name":"RECAPTCHA_CHECK","recaptcha":{"action":"signup",)"
        R"("key":"6LdcRsEqAAAAAHUaNCc1GUe47g5jKlO-bJJ_1234"}})");
  CHECK(told("RECAPTCHA_CHECK_AB_CD__6L__x")
            .ends_with(R"("recaptcha":{"action":"AB_CD","key":"6L__x"}})"));
  CHECK(told("RECAPTCHA_CHECK_x").find("\"recaptcha\"") == std::string::npos);
}

TEST_CASE("migrations are told from one another") {
  for (const auto* message : {"PHONE_MIGRATE_4", "USER_MIGRATE_4", "NETWORK_MIGRATE_4"}) {
    CHECK(migration(error_of(message)).kind == Migration::main);
    CHECK(migration(error_of(message)).dc == mtproto::DcId(4));
  }
  CHECK(migration(error_of("FILE_MIGRATE_4")).kind == Migration::query);
  CHECK(migration(error_of("STATS_MIGRATE_4")).kind == Migration::query);
  for (const auto* message : {"FLOOD_WAIT_4", "PHONE_MIGRATE_0", "PHONE_MIGRATE_9999999999",
                              "PHONE_MIGRATE", "PHONE_MIGRATE_X"}) {
    CHECK(migration(error_of(message)).kind == Migration::none);
  }
}

TEST_CASE("errors that ask for initConnection, and those that end an authorization") {
  CHECK(wants_init(error_of("CONNECTION_NOT_INITED")));
  CHECK(wants_init(error_of("CONNECTION_LAYER_INVALID")));
  CHECK_FALSE(wants_init(error_of("CONNECTION_API_ID_INVALID")));
  CHECK(signed_out(error_of("SESSION_REVOKED", 401)));
  CHECK(signed_out(error_of("AUTH_KEY_DUPLICATED", 406)));
  CHECK_FALSE(signed_out(error_of("SESSION_PASSWORD_NEEDED", 401)));
  CHECK_FALSE(signed_out(error_of("PHONE_CODE_INVALID", 400)));
}

TEST_CASE("what only reads, or carries a random_id, may be said twice") {
  tl::Combinator read;
  read.name = "messages.getDialogs";
  CHECK(repeat_of(read) == mtproto::Repeat::freely);
  tl::Combinator press;
  press.name = "messages.getBotCallbackAnswer";
  CHECK(repeat_of(press) == mtproto::Repeat::ask);

  tl::Combinator send;
  send.name = "messages.sendMessage";
  tl::Field field;
  field.name = "random_id";
  send.fields = {&field, 1};
  CHECK(repeat_of(send) == mtproto::Repeat::freely);
  field.flags_field = 0;
  CHECK(repeat_of(send) == mtproto::Repeat::ask);
  send.fields = {};
  CHECK(repeat_of(send) == mtproto::Repeat::ask);
  send.name = "updates.getState";
  CHECK(repeat_of(send) == mtproto::Repeat::freely);
}

TEST_CASE("a resolved name is known for ten minutes") {
  PeerNames names;
  CHECK_FALSE(names.find("echobot"));
  REQUIRE(learn(names, "@EchoBot", user("7", "-9"), at(0s)));
  const auto peer = names.find("echobot");
  REQUIRE(peer);
  CHECK(peer->kind == tl::Peer::Kind::user);
  CHECK(peer->id == 7);
  CHECK(peer->access_hash == -9);
  names.expire(at(599s));
  CHECK(names.find("@ECHOBOT"));
  names.expire(at(600s));
  CHECK_FALSE(names.find("echobot"));
}

TEST_CASE("channels and chats resolve too") {
  PeerNames names;
  REQUIRE(learn(names, "news",
                R"({"_cons":"contacts.resolvedPeer","peer":{"_cons":"peerChannel","channel_id":5},)"
                R"("chats":[{"_cons":"channel","id":5,"access_hash":6}],"users":[]})",
                at(0s)));
  CHECK(names.find("news")->kind == tl::Peer::Kind::channel);
  CHECK(names.find("news")->access_hash == 6);
  REQUIRE(learn(names, "group",
                R"({"_cons":"contacts.resolvedPeer","peer":{"_cons":"peerChat","chat_id":8},)"
                R"("chats":[{"_cons":"chat","id":8}],"users":[]})",
                at(0s)));
  CHECK(names.find("group")->kind == tl::Peer::Kind::chat);
}

TEST_CASE("an answer that names nobody teaches nothing") {
  PeerNames names;
  for (
      const auto* json :
      {R"({"_cons":"rpc_error","error_code":400,"error_message":"USERNAME_NOT_OCCUPIED"})", "[]",
       R"({"_cons":"contacts.resolvedPeer","peer":{"_cons":"peerUser","user_id":5},"users":[]})"}) {
    CHECK_FALSE(learn(names, "x", json, at(0s)));
  }
  CHECK(names.size() == 0);
}

TEST_CASE("the oldest name makes room") {
  PeerNames names;
  for (std::size_t i = 0; i <= PeerNames::max_names; ++i) {
    learn(names, "n" + std::to_string(i), user("7", "9"), at(std::chrono::seconds(i)));
  }
  CHECK(names.size() == PeerNames::max_names);
  CHECK_FALSE(names.find("n0"));
  CHECK(names.find("n1"));
}

TEST_CASE("the question for a name") {
  std::pmr::monotonic_buffer_resource arena;
  std::string out;
  tl::write_json(PeerNames::question("@echobot", arena), out);
  CHECK(out == R"({"_cons":"contacts.resolveUsername","username":"echobot"})");
}
