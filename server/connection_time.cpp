// What happens at its time: requests that got no answer, those that sleep, what recovery and a QR
// code wait for.
#include <algorithm>

#include "server/account/repeat.hpp"
#include "server/connection.hpp"

namespace server {

using upstream::boot_time;

std::optional<mtproto::Time> Connection::deadline() const {
  const auto requests = queue_.deadline();
  if (!requests || !account_due_) return requests ? requests : account_due_;
  return std::min(*requests, *account_due_);
}

void Connection::tick(mtproto::Time now) {
  const auto next = deadline();
  if (closed_ || !next || *next > now) return;
  for (const auto number : queue_.due(now)) {
    auto* exchange = find(number);
    if (exchange == nullptr || closed_) continue;
    if (exchange->state == Exchange::State::finished) continue;
    if (exchange->state == Exchange::State::sleeping && exchange->deadline > now) {
      dispatch(*exchange);
    } else {
      expire(*exchange, now);
    }
  }
  if (code_due_ && *code_due_ <= now) refresh_code();
  if (recovery_) {
    recovery_->tick(now);
    carry_out({});
  }
  account_due_ = code_due_;
  if (const auto at = recovery_ ? recovery_->deadline() : std::nullopt) {
    account_due_ = std::min(account_due_.value_or(*at), *at);
  }
}

void Connection::expire(Exchange& exchange, mtproto::Time now) {
  const auto at = exchange.sent ? exchange.sent->at : exchange.at;
  auto* way = port(at);
  const bool up = way != nullptr && way->ready();
  if (exchange.sent && way != nullptr) {
    way->forget(exchange.sent->request);
    after_.add_late(exchange);
  }
  const bool signing = exchange.state == Exchange::State::signing;
  const auto* method = exchange.encoding.innermost;
  const bool reads = method != nullptr && account::only_reads(method->name);
  const auto* last = last_failure(at);
  const auto reason = last ? last->reason : std::string("no answer in time");
  if (exchange.interrupted && !reads) {
    if (signing) signin_->failed();
    return fail(exchange, outcome_unknown("the connection to Telegram was lost (" + reason +
                                          ") before there was an answer"));
  }
  if (exchange.unreached && !up && last) {
    if (signing) signin_->failed();
    return fail(exchange, down_failure(at, *last));
  }
  if (signing) return signin_late(exchange);
  const auto text = rpc_timeout(now - exchange.begun);
  Outcome outcome;
  if (exchange.request.message) {
    outcome.message = text;
  } else {
    outcome.signin = text;
  }
  finish(exchange, outcome);
}

}  // namespace server
