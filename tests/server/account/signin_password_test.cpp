// The two-step password, with the server's half of SRP on the other side.
#include <catch2/catch.hpp>

#include "tests/server/account/dialogue.hpp"

#include "mtproto/crypto/dh.hpp"
#include "mtproto/crypto/srp.hpp"

using support::Dialogue;

namespace {

class PasswordServer {
 public:
  PasswordServer() {
    algorithm_.salt1 = tl::Bytes(40, 1);
    algorithm_.salt2 = tl::Bytes(16, 2);
    algorithm_.g = 3;
    algorithm_.p.assign(mtproto::known_prime().begin(), mtproto::known_prime().end());
    verifier_ = mtproto::srp_verifier(algorithm_, tl::as_bytes("sandbox"));
  }

  // account.password with a fresh challenge.
  tl::Value ask(tl::Arena& arena) {
    challenge_ = mtproto::srp_challenge(algorithm_, verifier_, random_);
    ++srp_id_;
    const tl::Builder builder(arena);
    const auto algorithm =
        builder.object("passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow",
                       {{"salt1", builder.bytes(algorithm_.salt1)},
                        {"salt2", builder.bytes(algorithm_.salt2)},
                        {"g", tl::Value::integer(algorithm_.g)},
                        {"p", builder.bytes(algorithm_.p)}});
    return builder.object("account.password", {{"has_recovery", tl::Value::boolean(true)},
                                               {"has_password", tl::Value::boolean(true)},
                                               {"current_algo", algorithm},
                                               {"srp_B", builder.bytes(challenge_.B)},
                                               {"srp_id", tl::Value::integer(srp_id_)},
                                               {"hint", builder.string("the obvious one")}});
  }

  bool accepts(const tl::Value& call) const {
    const auto& proof = call["password"];
    return call.constructor() == "auth.checkPassword" &&
           proof.constructor() == "inputCheckPasswordSRP" &&
           proof["srp_id"].as_int64() == srp_id_ &&
           mtproto::srp_check(algorithm_, verifier_, challenge_, proof["A"].as_bytes(),
                              proof["M1"].as_bytes());
  }

 private:
  support::ScriptedRandom random_{7};
  mtproto::SrpAlgorithm algorithm_;
  mtproto::DhNumber verifier_{};
  mtproto::SrpChallenge challenge_;
  std::int64_t srp_id_ = 100;
};

const std::string get_password = R"(call {"_cons":"account.getPassword"})";
const std::string password_reply =
    R"(reply {"state":"password","hint":"the obvious one","has_recovery":true})";

void up_to_password(Dialogue& dialogue, PasswordServer& server) {
  dialogue.step(R"({"phone":"9996620002"})");
  dialogue.answer(support::sent_code);
  dialogue.step(R"({"code":"22222"})");
  REQUIRE(dialogue.error(401, "SESSION_PASSWORD_NEEDED") == get_password);
  REQUIRE(dialogue.answer(server.ask(dialogue.arena())) == password_reply);
}

}  // namespace

TEST_CASE("the right password signs in, by SRP") {
  Dialogue dialogue;
  PasswordServer server;
  up_to_password(dialogue, server);
  CHECK(dialogue.step(R"({"password":"sandbox"})") == get_password);
  CHECK(dialogue.answer(server.ask(dialogue.arena())) == "compute");
  CHECK(dialogue.computed().starts_with(R"(call {"_cons":"auth.checkPassword")"));
  CHECK(server.accepts(dialogue.called()));
  CHECK(dialogue.answer(support::authorization) == support::done_reply);
}

TEST_CASE("a wrong password stays at the password, and the next try asks afresh") {
  Dialogue dialogue;
  PasswordServer server;
  up_to_password(dialogue, server);
  dialogue.step(R"({"password":"wrong"})");
  dialogue.answer(server.ask(dialogue.arena()));
  dialogue.computed();
  CHECK_FALSE(server.accepts(dialogue.called()));
  CHECK(dialogue.error(400, "PASSWORD_HASH_INVALID") ==
        R"(reply {"state":"password","hint":"the obvious one","has_recovery":true,"error":)"
        R"({"_cons":"rpc_error","error_code":400,"error_message":"PASSWORD_HASH_INVALID",)"
        R"("_name":"PASSWORD_HASH_INVALID"}})");
  CHECK(dialogue.step(R"({"password":"sandbox"})") == get_password);
  dialogue.answer(server.ask(dialogue.arena()));
  dialogue.computed();
  CHECK(server.accepts(dialogue.called()));
}

TEST_CASE("a challenge that ran out is fetched again once, with the same password") {
  Dialogue dialogue;
  PasswordServer server;
  up_to_password(dialogue, server);
  dialogue.step(R"({"password":"sandbox"})");
  dialogue.answer(server.ask(dialogue.arena()));
  dialogue.computed();
  CHECK(dialogue.error(400, "SRP_ID_INVALID") == get_password);
  CHECK(dialogue.answer(server.ask(dialogue.arena())) == "compute");
  dialogue.computed();
  CHECK(server.accepts(dialogue.called()));
  CHECK(dialogue.error(400, "SRP_ID_INVALID").starts_with(R"(reply {"state":"password")"));
}

TEST_CASE("a password goes on from another connection") {
  Dialogue dialogue;
  PasswordServer server;
  dialogue.context.authorized_unknown = true;
  CHECK(dialogue.step(R"({"password":"sandbox"})") == get_password);
  CHECK(dialogue.answer(server.ask(dialogue.arena())) == "compute");
  dialogue.computed();
  CHECK(server.accepts(dialogue.called()));
  CHECK(dialogue.answer(support::authorization) == support::done_reply);
}

TEST_CASE("that a password is needed is known though its hint is not") {
  Dialogue dialogue;
  dialogue.step(R"({"phone":"9996620002"})");
  dialogue.answer(support::sent_code);
  dialogue.step(R"({"code":"22222"})");
  dialogue.error(401, "SESSION_PASSWORD_NEEDED");
  dialogue.signin().failed();
  CHECK(dialogue.step("{}") == R"(reply {"state":"password"})");
  CHECK(dialogue.step(R"({"password":"x"})") == get_password);
}

TEST_CASE("a challenge that does not pass its checks is not answered") {
  Dialogue dialogue;
  PasswordServer server;
  up_to_password(dialogue, server);
  dialogue.step(R"({"password":"sandbox"})");
  const auto asked = server.ask(dialogue.arena());
  const tl::Bytes zeros(256, 0);
  CHECK(dialogue.answer(
            tl::Builder(dialogue.arena()).with(asked, {{"srp_B", tl::Value::bytes(zeros)}})) ==
        "compute");
  CHECK(dialogue.computed() == "SigninError");
  CHECK(dialogue.signin().state() == "password");
}

TEST_CASE("an algorithm that is not known is said to be so") {
  Dialogue dialogue;
  PasswordServer server;
  up_to_password(dialogue, server);
  dialogue.step(R"({"password":"sandbox"})");
  CHECK(dialogue.answer(R"({"_cons":"account.password","has_password":true,"has_recovery":false,)"
                        R"("current_algo":{"_cons":"passwordKdfAlgoUnknown"}})") == "SigninError");
}

TEST_CASE("an account without a password has none to check") {
  Dialogue dialogue;
  dialogue.context.authorized_unknown = true;
  dialogue.step(R"({"password":"sandbox"})");
  CHECK(dialogue.answer(R"({"_cons":"account.password","has_recovery":false})")
            .starts_with(R"(reply {"state":"other","object":)"));
}

TEST_CASE("a forgotten password is recovered by mail") {
  Dialogue dialogue;
  PasswordServer server;
  up_to_password(dialogue, server);
  CHECK(dialogue.step(R"({"recover":true})") == R"(call {"_cons":"auth.requestPasswordRecovery"})");
  CHECK(dialogue.answer(R"({"_cons":"auth.passwordRecovery","email_pattern":"a*@example.org"})") ==
        R"(reply {"state":"password","hint":"the obvious one","has_recovery":true,)"
        R"("email_pattern":"a*@example.org"})");
  CHECK(dialogue.step(R"({"recovery_code":"123456"})") ==
        R"(call {"_cons":"auth.recoverPassword","code":"123456"})");
  SECTION("with the right code") {
    CHECK(dialogue.answer(support::authorization) == support::done_reply);
  }
  SECTION("with a wrong one") {
    CHECK(dialogue.error(400, "CODE_INVALID").starts_with(R"(reply {"state":"password")"));
  }
}

TEST_CASE("cancelling at the password leads back to the start") {
  Dialogue dialogue;
  PasswordServer server;
  up_to_password(dialogue, server);
  CHECK(dialogue.step(R"({"cancel":true})") == R"(reply {"state":"start"})");
}
