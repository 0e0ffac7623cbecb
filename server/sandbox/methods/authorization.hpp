// What methods about signing in have in common.
#pragma once

#include "server/sandbox/methods/call.hpp"

namespace server::sandbox {

// The caller's key becomes that user's, or waits for the two-step password. `by_sms`: that is how
// the code came.
Answer enter(Call& call, User& user, bool by_sms = false);

// auth.authorization
tl::Value authorization(Call& call, UserId user);
// The same for who has signed in just now. Who has nothing but the SMS is urged to set up a password.
tl::Value new_authorization(Call& call, const User& user, bool by_sms = false);

// How a code was sent, or that it has to be paid for.
tl::Value sent_code(Call& call, const SentCode& code);
// Digits of `phone_number`, where that is at home here.
Outcome<std::string> phone_here(const Call& call);
// The code that a call names, or why there is none.
Outcome<SentCode*> named_code(Call& call);

// An `authorization` in a user's list of them.
tl::Value describe_authorization(Call& call, const Key& key);

}  // namespace server::sandbox
