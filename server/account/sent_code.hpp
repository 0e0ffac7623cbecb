// Where Telegram sent a code, in this gateway's words: auth.sentCodeTypeMissedCall is
// `missed_call`. core.telegram.org/type/auth.SentCodeType
#pragma once

#include <string>
#include <string_view>

#include "tl/value.hpp"

namespace server::account {

// "auth.sentCodeTypeFragmentSms", "auth.codeTypeFragmentSms" → "fragment_sms"
std::string code_word(std::string_view constructor);

// {type, length, next_type, timeout, …} of an auth.sentCode, as far as it says so.
tl::Value describe_code(const tl::Value& sent_code, tl::Arena& arena);

}  // namespace server::account
