#include "server/webhooks/webhook_schedule.hpp"

#include <algorithm>
#include <array>

#include "tl/numbers.hpp"

namespace server::webhooks {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A quarter may come on top of it.
constexpr milliseconds longest_base = longest_pause * 4 / 5;
constexpr std::int64_t longest_wait = 10 * 365 * 24 * 3600;  // seconds, in a header

milliseconds pause_after(std::int64_t attempts, tl::Random& random) {
  auto base = first_pause;
  for (std::int64_t i = 1; i < attempts && base < longest_base; ++i) base *= 2;
  base = std::min(base, longest_base);
  const auto quarter = static_cast<std::uint64_t>(base.count() / 4);
  return base + milliseconds(random.word() % (quarter + 1));
}

bool is_given_up(const store::WebhookProgress& progress, const WebhookAnswer& answer,
                 std::int64_t now) {
  return answer.status == 410 || now - *progress.failing_since >= given_up_after.count();
}

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// "Sun, 06 Nov 1994 08:49:37 GMT": Unix time in seconds.
std::optional<std::int64_t> read_http_date(std::string_view text) {
  if (text.size() != 29 || !text.ends_with(" GMT") || text[3] != ',') return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size, std::int64_t most) {
    return tl::parse_count(text.substr(at, size), 0, most);
  };
  const auto day = number(5, 2, 31), year = number(12, 4, 9999), hour = number(17, 2, 23),
             minute = number(20, 2, 59), second = number(23, 2, 60);
  const auto month = std::ranges::find(months, text.substr(8, 3)) - months.begin() + 1;
  if (!day || !year || !hour || !minute || !second || month > 12) return std::nullopt;
  namespace time = std::chrono;
  const time::year_month_day date{time::year(static_cast<int>(*year)),
                                  time::month(static_cast<unsigned>(month)),
                                  time::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const seconds since = time::sys_days(date).time_since_epoch();
  return since.count() + *hour * 3600 + *minute * 60 + *second;
}

}  // namespace

store::WebhookProgress after_success(store::WebhookProgress progress, std::int64_t number,
                                     int status) {
  store::WebhookProgress out;
  out.delivered = std::max(progress.delivered, number);
  out.last_status = status;
  return out;
}

store::WebhookProgress after_failure(store::WebhookProgress progress, const WebhookAnswer& answer,
                                     std::int64_t now, tl::Random& random) {
  // The clock may have been moved back.
  progress.failing_since = std::min(progress.failing_since.value_or(now), now);
  ++progress.attempts;
  progress.last_status =
      answer.status == 0 ? std::nullopt : std::optional<std::int64_t>(answer.status);
  progress.last_error = answer.error;
  if (is_given_up(progress, answer, now)) {
    progress.state = store::WebhookState::failed;
    progress.next_attempt = 0;
    return progress;
  }
  auto pause = pause_after(progress.attempts, random);
  if (answer.retry_after && (answer.status == 429 || answer.status == 503)) {
    pause = std::max(pause, std::min<milliseconds>(*answer.retry_after, longest_pause));
  }
  const auto end = *progress.failing_since + given_up_after.count();
  progress.next_attempt = std::min(now + pause.count(), end);
  return progress;
}

milliseconds pause_before(const store::WebhookProgress& progress, std::int64_t now) {
  if (progress.next_attempt <= now) return milliseconds(0);
  return std::min(milliseconds(progress.next_attempt - now), longest_pause);
}

std::optional<seconds> read_retry_after(std::string_view text, std::int64_t now) {
  if (const auto wait = tl::parse_count(text, 0, longest_wait)) return seconds(*wait);
  const auto date = read_http_date(text);
  if (!date) return std::nullopt;
  return seconds(std::max<std::int64_t>(*date - now, 0));
}

}  // namespace server::webhooks
