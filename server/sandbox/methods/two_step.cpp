// account.getPassword, auth.checkPassword: the server's half of SRP. And what takes the password off
// an account that is signed in, a week later. core.telegram.org/api/srp
#include "mtproto/crypto/dh.hpp"
#include "server/sandbox/methods/authorization.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

constexpr std::string_view algorithm_name =
    "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow";

User* whose_password(Call& call) {
  if (call.key.awaits_password) return call.world.accounts.find(*call.key.awaits_password);
  if (call.key.user) return call.world.accounts.find(*call.key.user);
  return nullptr;
}

Value algorithm_value(Call& call, const mtproto::SrpAlgorithm& algorithm) {
  return call.make.object(algorithm_name, {{"salt1", call.make.bytes(algorithm.salt1)},
                                           {"salt2", call.make.bytes(algorithm.salt2)},
                                           {"g", Value::integer(algorithm.g)},
                                           {"p", call.make.bytes(algorithm.p)}});
}

Answer get_password(Call& call) {
  auto* user = whose_password(call);
  if (user == nullptr) return RpcError{401, "AUTH_KEY_UNREGISTERED"};
  auto& random = call.world.random();
  Fields out(call.make, "account.password");
  if (user->two_step) {
    auto& two_step = *user->two_step;
    if (!two_step.verifier) {
      two_step.verifier =
          mtproto::srp_verifier(two_step.algorithm, tl::as_bytes(two_step.password));
    }
    Challenge challenge;
    challenge.srp_id = static_cast<std::int64_t>(random.word());
    challenge.user = user->id;
    challenge.until = call.world.now() + SignIn::challenge_lives;
    challenge.srp = mtproto::srp_challenge(two_step.algorithm, *two_step.verifier, random);
    out.flag("has_password")
        .set("current_algo", algorithm_value(call, two_step.algorithm))
        .set("srp_B", call.make.bytes(challenge.srp.B))
        .number("srp_id", challenge.srp_id);
    if (!two_step.hint.empty()) out.text("hint", two_step.hint);
    const auto date = user->resets.password_date;
    if (date > 0) out.number("pending_reset_date", date);
    call.key.challenge = std::move(challenge);
  }
  mtproto::SrpAlgorithm fresh;
  fresh.salt1.resize(8);
  fresh.salt2.resize(16);
  random.fill(fresh.salt1);
  random.fill(fresh.salt2);
  fresh.g = 3;
  fresh.p.assign(mtproto::known_prime().begin(), mtproto::known_prime().end());
  tl::Bytes secure_random(256);
  random.fill(secure_random);
  out.set("new_algo", algorithm_value(call, fresh))
      .set("new_secure_algo", call.make.object("securePasswordKdfAlgoPBKDF2HMACSHA512iter100000",
                                               {{"salt", call.make.bytes(fresh.salt1)}}))
      .set("secure_random", call.make.bytes(secure_random));
  return out.done();
}

Answer check_password(Call& call) {
  auto* user = whose_password(call);
  if (user == nullptr) return RpcError{401, "AUTH_KEY_UNREGISTERED"};
  if (!user->two_step || !user->two_step->verifier) return bad_request("PASSWORD_HASH_INVALID");
  const auto& given = call.args["password"];
  if (given.constructor() != "inputCheckPasswordSRP") return bad_request("PASSWORD_HASH_INVALID");
  const auto challenge = std::exchange(call.key.challenge, std::nullopt);
  if (!challenge || challenge->user != user->id || call.world.now() >= challenge->until ||
      given["srp_id"].as_int64() != challenge->srp_id) {
    return bad_request("SRP_ID_INVALID");
  }
  const auto& two_step = *user->two_step;
  if (!mtproto::srp_check(two_step.algorithm, *two_step.verifier, challenge->srp,
                          given["A"].as_bytes(), given["M1"].as_bytes())) {
    return bad_request("PASSWORD_HASH_INVALID");
  }
  if (!call.key.user) {
    call.world.sign_in.sign_in(call.key, user->id, call.world.date(), call.world.random());
    call.world.changed();
  }
  return new_authorization(call, *user);
}

Answer reset_password(Call& call) {
  auto& user = call.self();
  auto& resets = user.resets;
  const auto now = call.world.date();
  if (!user.two_step) return bad_request("PASSWORD_EMPTY");
  if (resets.password_retry > now) {
    return Fields(call.make, "account.resetPasswordFailedWait")
        .number("retry_date", resets.password_retry)
        .done();
  }
  call.world.changed();
  const bool waited = resets.password_date > 0 && resets.password_date <= now;
  if (waited || call.world.reset_wait == 0) {
    user.two_step.reset();
    resets.password_date = 0;
    return call.make.object("account.resetPasswordOk", {});
  }
  if (resets.password_date == 0) resets.password_date = now + call.world.reset_wait;
  return Fields(call.make, "account.resetPasswordRequestedWait")
      .number("until_date", resets.password_date)
      .done();
}

// Somebody else may have asked for it.
Answer decline_reset(Call& call) {
  auto& resets = call.self().resets;
  if (resets.password_date == 0) return bad_request("RESET_REQUEST_MISSING");
  resets.password_date = 0;
  resets.password_retry = call.world.date() + call.world.reset_wait;
  call.world.changed();
  return yes();
}

}  // namespace

std::span<const Method> two_step_methods() {
  static constexpr Method methods[] = {
      {"account.getPassword", Needs::nobody, get_password},
      {"auth.checkPassword", Needs::nobody, check_password},
      {"account.resetPassword", Needs::somebody, reset_password},
      {"account.declinePasswordReset", Needs::somebody, decline_reset},
  };
  return methods;
}

}  // namespace server::sandbox
