// What methods about signing in have in common.
#pragma once

#include "server/sandbox/methods/call.hpp"

namespace server::sandbox {

// The caller's key becomes that user's, or waits for the two-step password.
Answer enter(Call& call, User& user);

// auth.authorization
tl::Value authorization(Call& call, UserId user);

// An `authorization` in a user's list of them.
tl::Value describe_authorization(Call& call, const Key& key);

}  // namespace server::sandbox
