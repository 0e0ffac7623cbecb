// With which HTTP status a reply goes to who called a method by /api/v1.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace server {

struct ApiStatus {
  unsigned code = 0;                        // of HTTP; 0: it is no reply in that shape
  std::optional<std::int64_t> retry_after;  // seconds
  bool replayed = false;                    // the answer is that of an earlier call
};

// Of what could not be served, by the name of its Failure; 500 for a name that is not known.
unsigned status_of_failure(std::string_view error);
// Of an rpc_error, which has a code and words. What Telegram says of the caller stays as it is; what is the matter with
// Telegram is a bad gateway, and so is a redirect that the gateway did not follow itself: a client
// can't follow it either. A random_id that was there before (500) is no trouble of Telegram's: the
// message was sent. https://core.telegram.org/api/errors
unsigned status_of_refusal(std::int64_t error_code, std::string_view error_message);

}  // namespace server
