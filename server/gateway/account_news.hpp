// What was changed of an account in the store, told to the node that has it.
#pragma once

#include <cstdint>
#include <string>

namespace server {

class Gateway;

struct AccountNews {
  enum class What : std::uint8_t { keep, webhook_put, webhook_removed };
  std::string account;
  What what = What::keep;
  std::string text;  // "always", or the webhook's name
};

// From any thread.
void tell_account(const Gateway&, AccountNews);
// The same of what another node told: it goes no further.
void take_account_news(const Gateway&, AccountNews);

}  // namespace server
