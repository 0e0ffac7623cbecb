// Calls that Telegram wants a person for: it refuses them with RECAPTCHA_CHECK_action__key, and
// carries them out inside invokeWithReCaptcha, with the token that Google gave for that action and
// site key. core.telegram.org/method/invokeWithReCaptcha
//
//   RECAPTCHA_CHECK_signup__6Lc-_…      adbb0f94 token query…
#pragma once

#include <optional>
#include <string_view>

#include "tl/bytes.hpp"

namespace server::account {

// Views into the error's text.
struct Recaptcha {
  std::string_view action;
  std::string_view key;  // of the site; letters, digits, `-` and `_`
};

// None where the error is another.
std::optional<Recaptcha> read_recaptcha(std::string_view error_message);

// What stands before the query. Its id is older than no layer that asks, so it needs no scheme.
tl::Bytes recaptcha_prefix(std::string_view token);

}  // namespace server::account
