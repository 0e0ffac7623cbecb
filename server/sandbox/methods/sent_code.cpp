// Codes that were asked for: where they went, and which of them a call means.
#include "server/sandbox/methods/authorization.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

constexpr std::int32_t code_timeout = 60;

Value code_type(Call& call, const SentCode& code) {
  const auto length = Value::integer(static_cast<std::int64_t>(code.code.size()));
  const auto* user = call.world.accounts.by_phone(code.phone);
  if (code.by_email && user != nullptr) {
    Fields out(call.make, "auth.sentCodeTypeEmailCode");
    out.text("email_pattern", email_pattern(user->login_email)).set("length", length);
    const auto date = user->resets.email_date;
    if (date > 0) {
      out.number("reset_pending_date", date);
    } else {
      out.number("reset_available_period", call.world.reset_wait);
    }
    return out.done();
  }
  const auto* name = code.by_sms ? "auth.sentCodeTypeSms" : "auth.sentCodeTypeApp";
  return call.make.object(name, {{"length", length}});
}

// Official apps get this where an SMS is dear.
Value payment_required(Call& call, const SentCode& code) {
  constexpr std::int64_t premium_days = 7;
  constexpr std::int64_t cents = 199;
  return Fields(call.make, "auth.sentCodePaymentRequired")
      .text("store_product", "org.example.sandbox.login")
      .text("phone_code_hash", code.hash)
      .text("support_email_address", "login@example.org")
      .text("support_email_subject", "The code for +" + code.phone)
      .number("premium_days", premium_days)
      .text("currency", "USD")
      .number("amount", cents)
      .done();
}

}  // namespace

Value sent_code(Call& call, const SentCode& code) {
  if (code.unpaid) return payment_required(call, code);
  Fields out(call.make, "auth.sentCode");
  out.set("type", code_type(call, code)).text("phone_code_hash", code.hash);
  if (!code.by_sms && !code.by_email) {
    out.set("next_type", call.make.object("auth.codeTypeSms", {})).number("timeout", code_timeout);
  }
  return out.done();
}

Outcome<std::string> phone_here(const Call& call) {
  auto digits = phone_digits(call.text("phone_number"));
  const auto home = phone_home(digits);
  if (!home) return bad_request("PHONE_NUMBER_INVALID");
  if (*home != call.key.dc) return RpcError{303, "PHONE_MIGRATE_" + std::to_string(*home)};
  return digits;
}

Outcome<SentCode*> named_code(Call& call) {
  const auto phone = phone_here(call);
  if (!phone) return phone.error();
  if (call.text("phone_code_hash").empty()) return bad_request("PHONE_CODE_HASH_EMPTY");
  auto* code = call.world.sign_in.sent_code(*phone, call.text("phone_code_hash"), call.world.now());
  if (code == nullptr) return bad_request("PHONE_CODE_EXPIRED");
  return code;
}

}  // namespace server::sandbox
