// What Telegram refuses for now, or here: sent once more instead of being answered.
#include <algorithm>

#include "server/account/migration.hpp"
#include "server/connection.hpp"

namespace server {

using upstream::boot_time;

// True where it is sent once more.
bool Connection::retry(Exchange& exchange, Purpose purpose, tl::ByteView body) {
  const auto error = account::rpc_error(body);
  if (!error) return false;
  const auto at = purpose == Purpose::message ? exchange.at : at_home;
  const RetryPolicy policy(*server_.telegram, options_.flood_wait);
  const auto retry = policy.decide(refused_call(exchange, purpose), *error);
  exchange.attempts.count(retry);
  if (retry.flood_wait) counters_.flood_waits.add();
  switch (retry.kind) {
    case Retry::Kind::give_up:
      return false;
    case Retry::Kind::initialise:
      if (auto* way = port(at)) way->set_prefix(prefix());
      break;
    case Retry::Kind::authorise:
      break;
    case Retry::Kind::sleep:
      sleep(exchange, retry);
      return true;
    case Retry::Kind::move_home:
      move_home(retry.dc);
      if (closed_) return true;
      exchange.send.after.clear();
      break;
    case Retry::Kind::migrate:
      exchange.at = retry.dc == server_.dc ? at_home : retry.dc.value();
      exchange.send.after.clear();
      break;
  }
  send(exchange, purpose);
  return true;
}

RefusedCall Connection::refused_call(const Exchange& exchange, Purpose purpose) const {
  RefusedCall call;
  call.attempts = exchange.attempts;
  call.dc = dc_of(exchange.at);
  call.elsewhere = exchange.at != at_home;
  call.message = purpose == Purpose::message;
  call.kept = !exchange.body.empty();
  call.api = exchange.send.api;
  call.bare = exchange.send.bare;
  call.follows = !exchange.send.after.empty();
  const bool signed_in = user_id_ || (signin_ && signin_->state() == "done");
  call.moves_home = queue_.barrier() == nullptr && !signed_in;
  return call;
}

void Connection::sleep(Exchange& exchange, const Retry& retry) {
  if (retry.flood_wait) {
    counters_.flood_waits_kept.add();
    exchange.begun += retry.pause;
    exchange.deadline += retry.pause;
  }
  queue_.sleep(exchange, boot_time() + retry.pause);
  sink_.wake();
}

// The session goes on in another data centre, under a key to be made there. What is in flight and
// may be said twice is said again there.
void Connection::move_home(mtproto::DcId dc) {
  std::vector<std::uint64_t> again;
  for (auto& exchange : queue_.all()) {
    const bool repeats = exchange.state == Exchange::State::sent && exchange.sent &&
                         exchange.at == at_home && !exchange.body.empty() &&
                         exchange.send.repeat == mtproto::Repeat::freely;
    if (!repeats) continue;
    waiters_.erase(*exchange.sent);
    exchange.sent.reset();
    again.push_back(exchange.number);
  }
  drop_link("Telegram sent this session to another data centre");
  saved_ = {};
  server_.dc = dc;
  update_claim();
  names_.clear();
  if (recovery_) recovery_->signed_out();
  if (signin_) signin_->reset();
  authorization_known_ = false;
  for (const auto number : again) {
    if (auto* exchange = find(number)) dispatch(*exchange);
  }
}

}  // namespace server
