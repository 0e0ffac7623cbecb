// One step of a sign-in as a client wrote it: the value of `signin`, read and checked.
//
//   {}   {"phone":…}   {"code":…}   {"password":…}   {"first_name":…,"last_name":…}   …
//   {"phone":…,"logout_tokens":[…]}    with what earlier sign-ins and log-outs gave
//   {"phone":…,"phone_code_hash":…,"code":…}    goes on where another connection stopped
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tl/result.hpp"
#include "tl/value.hpp"

namespace server::account {

struct Step {
  enum class Kind : std::uint8_t {
    where,
    phone,
    code,
    password,
    sign_up,
    email,
    email_code,
    resend,
    cancel,
    recover,
    recovery_code,
    qr,
    bot_token,
    sign_out,
    reset_email,
    reset_password,
    paid,
  };
  Kind kind = Kind::where;
  std::string phone;                 // as all that is typed: without what people paste around it
  std::string_view phone_code_hash;  // empty: the one that this connection knows
  std::string typed;                 // the code or the bot's token
  std::string_view text;             // the password or address
  std::string_view first_name;
  std::string_view last_name;
  std::span<const tl::Value> logout_tokens;  // base64
  std::int64_t form_id = 0;
};

// A TypeError of a step.
struct StepProblem {
  std::string text;
  std::string path;  // below /signin
};

tl::Result<Step, StepProblem> read_step(const tl::Value& signin);

}  // namespace server::account
