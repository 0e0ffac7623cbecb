// When a call that failed is made again, and when it is given up. Pure: the time comes in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/store/webhook_table.hpp"
#include "tl/random.hpp"

namespace server::webhooks {

// What came of a call.
struct WebhookAnswer {
  int status = 0;                                   // of HTTP; 0: there was no answer
  std::string error;                                // a sentence; empty where it went well
  std::optional<std::chrono::seconds> retry_after;  // the header, counted from now

  bool good() const { return status >= 200 && status < 300; }
};

inline constexpr std::chrono::milliseconds first_pause = std::chrono::seconds(5);
inline constexpr std::chrono::milliseconds longest_pause = std::chrono::hours(1);
inline constexpr std::chrono::milliseconds given_up_after = std::chrono::hours(24);

// All up to `number` went out.
store::WebhookProgress after_success(store::WebhookProgress, std::int64_t number, int status);
// `now`: Unix time in ms. The next attempt is after 5 s, then after twice as long each time, up to
// an hour and by up to a quarter later than that, so that not all come at once; not before a 429 or
// 503 asks for one, where that is within the hour. 24 h behind the first failure it is failed, and
// at once after 410 Gone.
store::WebhookProgress after_failure(store::WebhookProgress, const WebhookAnswer&, std::int64_t now,
                                     tl::Random&);
// How long to wait until the next attempt: at most an hour, wherever the clock was moved.
std::chrono::milliseconds pause_before(const store::WebhookProgress&, std::int64_t now);

// Retry-After (RFC 9110 section 10.2.3), in seconds or as a date. `now`: Unix time in seconds. None
// for anything else.
std::optional<std::chrono::seconds> read_retry_after(std::string_view text, std::int64_t now);

}  // namespace server::webhooks
