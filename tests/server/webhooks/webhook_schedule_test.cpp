#include "server/webhooks/webhook_schedule.hpp"

#include <catch2/catch.hpp>

#include "tests/support/scripted_random.hpp"

using namespace server::webhooks;
using namespace std::chrono_literals;
using server::store::WebhookProgress;
using server::store::WebhookState;

namespace {

constexpr std::int64_t start = 1'700'000'000'000;

// Draws the least, or the most.
tl::Bytes zeros() { return tl::Bytes(8 * 1000, 0); }

WebhookAnswer answered(int status, std::optional<std::chrono::seconds> wait = {}) {
  return {status, "it answered " + std::to_string(status), wait};
}

std::chrono::milliseconds pause(const WebhookProgress& progress, std::int64_t now) {
  return pause_before(progress, now);
}

}  // namespace

TEST_CASE("a webhook that fails is tried after 5 s, then after twice as long, up to an hour") {
  support::ScriptedRandom random(zeros());
  WebhookProgress progress;
  std::vector<std::chrono::milliseconds> pauses;
  auto now = start;
  for (int i = 0; i < 13; ++i) {
    progress = after_failure(progress, answered(500), now, random);
    pauses.push_back(pause(progress, now));
    now = progress.next_attempt;
  }
  CHECK(pauses == std::vector<std::chrono::milliseconds>{5s, 10s, 20s, 40s, 80s, 160s, 320s, 640s,
                                                         1280s, 2560s, 48min, 48min, 48min});
  CHECK(progress.attempts == 13);
  CHECK(progress.failing_since == start);
  CHECK(progress.last_status == 500);
  CHECK(progress.last_error == "it answered 500");
  CHECK(progress.state == WebhookState::active);
}

TEST_CASE("a pause is up to a quarter longer by chance, and never longer than an hour") {
  support::ScriptedRandom random(7);
  bool later = false;
  for (int attempts = 0; attempts < 40; ++attempts) {
    WebhookProgress progress;
    progress.attempts = attempts;
    const auto took = pause(after_failure(progress, answered(500), start, random), start);
    CHECK(took >= 5s);
    CHECK(took <= 1h);
    if (attempts == 0) CHECK(took <= 6250ms);
    later = later || took > 48min;
  }
  CHECK(later);
}

TEST_CASE("a webhook that fails for 24 h is given up, with a last attempt at their end") {
  support::ScriptedRandom random;
  WebhookProgress progress;
  auto now = start;
  while (progress.state == WebhookState::active) {
    REQUIRE(now <= start + given_up_after.count());
    progress = after_failure(progress, answered(500), now, random);
    if (progress.state == WebhookState::active) now = progress.next_attempt;
  }
  CHECK(now == start + given_up_after.count());
  CHECK(progress.attempts > 24);
  CHECK(progress.attempts < 60);
}

TEST_CASE("success begins all of it anew") {
  support::ScriptedRandom random;
  WebhookProgress progress;
  progress.delivered = 7;
  for (int i = 0; i < 5; ++i) progress = after_failure(progress, answered(500), start, random);
  const auto next = after_success(progress, 9, 204);
  WebhookProgress due;
  due.delivered = 9;
  due.last_status = 204;
  CHECK(next == due);
  CHECK(pause(next, start) == 0s);
  CHECK(after_success(progress, 3, 204).delivered == 7);
}

TEST_CASE("410 Gone ends a webhook at once") {
  support::ScriptedRandom random;
  const auto progress = after_failure({}, answered(410), start, random);
  CHECK(progress.state == WebhookState::failed);
  CHECK(progress.last_status == 410);
}

TEST_CASE("a 429 or 503 may ask for a longer pause, within the hour") {
  support::ScriptedRandom random(zeros());
  const auto paused = [&](int status, std::chrono::seconds wait) {
    return pause(after_failure({}, answered(status, wait), start, random), start);
  };
  CHECK(paused(429, 120s) == 120s);
  CHECK(paused(503, 120s) == 120s);
  CHECK(paused(503, 1s) == 5s);
  CHECK(paused(503, 100h) == 1h);
  CHECK(paused(500, 120s) == 5s);
}

TEST_CASE("no answer at all is a failure without a status") {
  support::ScriptedRandom random;
  WebhookProgress before;
  before.last_status = 500;
  const auto progress = after_failure(before, {0, "there is no connection", {}}, start, random);
  CHECK_FALSE(progress.last_status);
  CHECK(progress.last_error == "there is no connection");
}

TEST_CASE("a clock that was moved makes no pause longer than an hour, and none of those negative") {
  support::ScriptedRandom random;
  auto progress = after_failure({}, answered(500), start, random);
  CHECK(pause(progress, start - 1'000'000'000) == 1h);
  CHECK(pause(progress, start + 1'000'000'000) == 0s);
  progress = after_failure(progress, answered(500), start - 1'000'000'000, random);
  CHECK(progress.failing_since == start - 1'000'000'000);
}

TEST_CASE("Retry-After is seconds or a date") {
  constexpr std::int64_t now = 784111777;  // Sun, 06 Nov 1994 08:49:37 GMT
  CHECK(read_retry_after("120", now) == 120s);
  CHECK(read_retry_after("0", now) == 0s);
  CHECK(read_retry_after("Sun, 06 Nov 1994 08:49:47 GMT", now) == 10s);
  CHECK(read_retry_after("Sun, 06 Nov 1994 08:49:27 GMT", now) == 0s);
  for (const auto* wrong : {"", "-1", "1.5", "soon", "99999999999999999999", "1 ",
                            "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT",
                            "Sun, 06 Xxx 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT"}) {
    INFO(wrong);
    CHECK_FALSE(read_retry_after(wrong, now));
  }
}
