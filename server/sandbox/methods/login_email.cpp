// The e-mail address that codes for sign-in go to: set by who is signed in, taken off by who can't
// read what comes there. core.telegram.org/api/auth#email-verification
#include "server/sandbox/methods/authorization.hpp"

namespace server::sandbox {
namespace {

// Only of an account that is signed in: none here is made to set up an address.
Outcome<User*> whose_address(Call& call) {
  auto* user = call.key.user ? call.world.accounts.find(*call.key.user) : nullptr;
  if (user == nullptr) return RpcError{401, "AUTH_KEY_UNREGISTERED"};
  if (call.args["purpose"].constructor() != "emailVerifyPurposeLoginChange") {
    return bad_request("EMAIL_NOT_ALLOWED");
  }
  return user;
}

Answer send_code_there(Call& call) {
  const auto found = whose_address(call);
  if (!found) return found.error();
  auto* user = *found;
  if (!is_email(call.text("email"))) return bad_request("EMAIL_INVALID");
  user->new_email = call.text("email");
  const auto length = static_cast<std::int64_t>(email_code(call.key.dc).size());
  return Fields(call.make, "account.sentEmailCode")
      .text("email_pattern", email_pattern(user->new_email))
      .number("length", length)
      .done();
}

Answer verify(Call& call) {
  const auto found = whose_address(call);
  if (!found) return found.error();
  auto* user = *found;
  if (user->new_email.empty()) return bad_request("EMAIL_VERIFY_EXPIRED");
  if (call.args["verification"]["code"].text() != email_code(call.key.dc)) {
    return bad_request("CODE_INVALID");
  }
  user->login_email = std::exchange(user->new_email, {});
  user->resets.email_date = 0;
  call.world.changed();
  return Fields(call.make, "account.emailVerified").text("email", user->login_email).done();
}

// The first time it is only noted when that will be; asked again after that it is done, and the code
// comes by SMS.
Answer reset(Call& call) {
  const auto code = named_code(call);
  if (!code) return code.error();
  auto* user = call.world.accounts.by_phone((*code)->phone);
  if (!(*code)->by_email || user == nullptr) return bad_request("EMAIL_INSTALL_MISSING");
  auto& date = user->resets.email_date;
  const auto now = call.world.date();
  if (date > now) return bad_request("TASK_ALREADY_EXISTS");
  call.world.changed();
  if (date == 0 && call.world.reset_wait > 0) {
    date = now + call.world.reset_wait;
    return sent_code(call, **code);
  }
  date = 0;
  user->login_email.clear();
  (*code)->by_email = false;
  (*code)->by_sms = true;
  (*code)->code = phone_code(call.key.dc);
  return sent_code(call, **code);
}

}  // namespace

std::span<const Method> login_email_methods() {
  static constexpr Method methods[] = {
      {"account.sendVerifyEmailCode", Needs::nobody, send_code_there},
      {"account.verifyEmail", Needs::nobody, verify},
      {"auth.resetLoginEmail", Needs::nobody, reset},
  };
  return methods;
}

}  // namespace server::sandbox
