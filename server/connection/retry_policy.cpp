#include "server/connection/retry_policy.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace server {

using account::RpcError;

namespace {

// For how many seconds Telegram wants to be left alone, under the names that it has for that.
std::optional<std::int64_t> wanted_wait(const RpcError& error) {
  static constexpr std::array<std::string_view, 4> numbered{
      "FLOOD_WAIT", "FLOOD_PREMIUM_WAIT", "FLOOD_TEST_PHONE_WAIT", "SLOWMODE_WAIT"};
  if (error.message == "FLOOD_SKIP_FAILED_WAIT") return 1;
  if (std::ranges::find(numbered, error.name.name) == numbered.end()) return {};
  return error.name.value;
}

}  // namespace

void Attempts::count(const Retry& retry) {
  switch (retry.kind) {
    case Retry::Kind::fail:
      return;
    case Retry::Kind::initialise:
      initialised = true;
      return;
    case Retry::Kind::authorise:
      authorised = true;
      return;
    case Retry::Kind::sleep:
      if (retry.flood_wait)
        flood_waited += std::chrono::duration_cast<std::chrono::seconds>(retry.pause);
      return;
    case Retry::Kind::migrate:
    case Retry::Kind::move_home:
      ++migrations;
      return;
  }
}

// What has no bytes left can't be sent again.
Retry RetryPolicy::decide(const RefusedCall& call, const RpcError& error) const {
  static constexpr std::array<Rule, 5> rules{&RetryPolicy::initialise, &RetryPolicy::authorise,
                                             &RetryPolicy::migrate, &RetryPolicy::wait_for_others,
                                             &RetryPolicy::wait_out_flood};
  if (!call.kept || !call.api) return {};
  for (const auto rule : rules) {
    if (const auto retry = (this->*rule)(call, error)) return *retry;
  }
  return {};
}

RetryPolicy::Decision RetryPolicy::initialise(const RefusedCall& call,
                                              const RpcError& error) const {
  if (!account::wants_init(error) || call.attempts.initialised || call.bare) return {};
  return Retry{.kind = Retry::Kind::initialise};
}

// The connection to that data centre has seen the refusal, too, and brings the authorization
// once more.
RetryPolicy::Decision RetryPolicy::authorise(const RefusedCall& call, const RpcError& error) const {
  if (!call.message || !call.elsewhere || call.attempts.authorised) return {};
  if (!account::signed_out(error)) return {};
  return Retry{.kind = Retry::Kind::authorise};
}

// A Telegram of one address is asked again there in vain, and a key that somebody is signed in with
// is not given up because a request was refused.
RetryPolicy::Decision RetryPolicy::migrate(const RefusedCall& call, const RpcError& error) const {
  const auto to = account::migration(error);
  if (to.kind == account::Migration::none || !call.message || to.dc.value() == call.dc) return {};
  if (call.attempts.migrations >= most_migrations) return {};
  const bool custom = telegram_.kind == upstream::Telegram::Kind::custom;
  if (custom || telegram_.addresses(to.dc).empty()) return {};
  if (to.kind == account::Migration::query) {
    return Retry{.kind = Retry::Kind::migrate, .dc = to.dc};
  }
  if (call.elsewhere || !call.moves_home) return {};
  return Retry{.kind = Retry::Kind::move_home, .dc = to.dc};
}

RetryPolicy::Decision RetryPolicy::wait_for_others(const RefusedCall& call,
                                                   const RpcError& error) const {
  if (!call.message || !call.follows || error.name.name != "MSG_WAIT_TIMEOUT") return {};
  return Retry{.kind = Retry::Kind::sleep, .pause = after_pause};
}

RetryPolicy::Decision RetryPolicy::wait_out_flood(const RefusedCall& call,
                                                  const RpcError& error) const {
  const auto wait = wanted_wait(error);
  if (!call.message || !wait) return {};
  Retry retry{.flood_wait = true};
  // SLOWMODE_WAIT is a chat's, and the others are a file's or a number's.
  if (error.name.name == "FLOOD_WAIT") {
    retry.account_wait = std::chrono::seconds(std::clamp<std::int64_t>(*wait, 0, 86'400));
  }
  const auto left = (flood_wait_ - call.attempts.flood_waited).count();
  if (left < 1 || *wait > left) return retry;
  retry.kind = Retry::Kind::sleep;
  // Telegram says FLOOD_WAIT_0, too.
  retry.pause = std::chrono::seconds(std::max<std::int64_t>(*wait, 1));
  return retry;
}

}  // namespace server
