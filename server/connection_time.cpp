// What happens at its time: requests that got no answer, those that sleep, what recovery and a QR
// code wait for.
#include <algorithm>

#include "server/account/repeat.hpp"
#include "server/connection.hpp"

namespace server {

using upstream::boot_time;

namespace {
constexpr std::size_t most_late = 64;

// For what may not come in time: neither over nor on the pool.
bool waits(const Exchange& exchange) {
  using State = Exchange::State;
  return exchange.state != State::finished && exchange.state != State::decoding &&
         exchange.state != State::encoding;
}

}  // namespace

std::optional<mtproto::Time> Connection::deadline() const { return next_deadline_; }

void Connection::tick(mtproto::Time now) {
  if (closed_ || !next_deadline_ || *next_deadline_ > now) return;
  std::vector<std::uint64_t> due;
  for (const auto& exchange : exchanges_) {
    if (!waits(exchange)) continue;
    const bool awake = exchange.state == Exchange::State::sleeping && exchange.wake <= now;
    if (awake || exchange.deadline <= now) due.push_back(exchange.number);
  }
  for (const auto number : due) {
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
  next_deadline_ = code_due_;
  if (const auto at = recovery_ ? recovery_->deadline() : std::nullopt) {
    next_deadline_ = std::min(next_deadline_.value_or(*at), *at);
  }
  for (const auto& exchange : exchanges_) {
    if (!waits(exchange)) continue;
    auto at = exchange.deadline;
    if (exchange.state == Exchange::State::sleeping) at = std::min(at, exchange.wake);
    if (at == mtproto::Time::max()) continue;
    next_deadline_ = std::min(next_deadline_.value_or(at), at);
  }
}

void Connection::expire(Exchange& exchange, mtproto::Time now) {
  const auto at = exchange.sent ? exchange.sent->at : exchange.at;
  auto* way = port(at);
  const bool up = way != nullptr && way->ready();
  if (exchange.sent && way != nullptr) {
    way->forget(exchange.sent->request);
    if (late_.size() == most_late) late_.erase(late_.begin());
    late_.emplace_back(exchange.request.id, *exchange.sent);
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
