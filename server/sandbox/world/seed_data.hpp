// The world as it is at first: who is there, and what they said before anybody came.
#pragma once

#include <vector>

#include "server/sandbox/sandbox.hpp"
#include "server/sandbox/world/world.hpp"

namespace server::sandbox {

// Fills an empty world; set_time() was called.
void seed_world(World& world);

// The people whom anybody may sign in as.
std::vector<Account> accounts_to_sign_in();

}  // namespace server::sandbox
