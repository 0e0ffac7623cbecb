// Steps for who can't go on as usual: the e-mail with the code is out of reach, the password is
// forgotten, Telegram wants to be paid. core.telegram.org/api/auth, /api/srp
#include "server/account/signin_state.hpp"

namespace server::account {

Action Signin::State::reset_email(const Step& step, tl::Arena& arena) {
  const bool there = use_code(step, Place::code);
  const bool elsewhere = there && running->phone_code_hash != phone_code_hash;
  if (!there || (!elsewhere && running->by != CodeBy::email)) {
    return refuse("the code was not sent by e-mail");
  }
  const tl::Builder builder(arena);
  return ask(Asked::send_code,
             builder.object("auth.resetLoginEmail",
                            {{"phone_number", builder.string(running->phone)},
                             {"phone_code_hash", builder.string(running->phone_code_hash)}}));
}

Action Signin::State::reset_password(bool maybe, tl::Arena& arena) {
  if (maybe) {
    running->resets_password = true;
    return ask_self(arena);
  }
  if (place == Place::done) {
    return ask(Asked::reset_password, tl::Builder(arena).object("account.resetPassword", {}));
  }
  return refuse(R"(this is for who is signed in; {"signin":{"recover":true}} has a code mailed )"
                "that goes in place of the password");
}

Action Signin::State::check_paid(const Step& step, tl::Arena& arena) {
  if (!use_code(step, Place::payment)) return refuse("no payment is asked for now");
  const tl::Builder builder(arena);
  return ask(Asked::send_code,
             builder.object("auth.checkPaidAuth",
                            {{"phone_number", builder.string(running->phone)},
                             {"phone_code_hash", builder.string(running->phone_code_hash)},
                             {"form_id", tl::Value::integer(step.form_id)}}));
}

}  // namespace server::account
