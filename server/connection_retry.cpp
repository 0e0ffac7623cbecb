// What Telegram refuses for now, or here: sent once more instead of being answered.
#include <algorithm>

#include "server/account/migration.hpp"
#include "server/connection.hpp"

namespace server {
namespace {

using account::RpcError;
using upstream::boot_time;

constexpr unsigned most_migrations = 3;
// Before a request that has waited at Telegram for others is sent again.
constexpr auto after_pause = std::chrono::milliseconds(500);

}  // namespace

// True where it is sent once more. What is too long to be kept can't be.
bool Connection::retry(Exchange& exchange, Purpose purpose, tl::ByteView body) {
  if (exchange.body.empty() || !exchange.send.api) return false;
  const auto error = account::rpc_error(body);
  if (!error) return false;
  return initialise(exchange, purpose, *error) || authorise(exchange, purpose, *error) ||
         migrate(exchange, purpose, *error) || wait_out(exchange, purpose, *error);
}

bool Connection::initialise(Exchange& exchange, Purpose purpose, const RpcError& error) {
  if (!account::wants_init(error) || exchange.initialised_again || exchange.send.bare) return false;
  exchange.initialised_again = true;
  const auto at = purpose == Purpose::message ? exchange.at : at_home;
  if (auto* way = port(at)) way->set_prefix(prefix());
  send(exchange, purpose);
  return true;
}

// The link to that data centre has seen the refusal, too, and brings the authorization once more.
bool Connection::authorise(Exchange& exchange, Purpose purpose, const RpcError& error) {
  const bool elsewhere = purpose == Purpose::message && exchange.at != at_home;
  if (!elsewhere || exchange.authorised_again || !account::signed_out(error)) return false;
  exchange.authorised_again = true;
  send(exchange, purpose);
  return true;
}

bool Connection::wait_out(Exchange& exchange, Purpose purpose, const RpcError& error) {
  if (purpose != Purpose::message) return false;
  if (error.name.name == "MSG_WAIT_TIMEOUT" && !exchange.send.after.empty()) {
    sleep(exchange, after_pause);
    return true;
  }
  if (error.name.name != "FLOOD_WAIT" || !error.name.value) return false;
  counters_.flood_waits.add();
  const auto left = (options_.flood_wait - exchange.flood_waited).count();
  if (left < 1 || *error.name.value > left) return false;
  counters_.flood_waits_kept.add();
  // Telegram says FLOOD_WAIT_0, too.
  const auto pause = std::chrono::seconds(std::max<std::int64_t>(*error.name.value, 1));
  exchange.flood_waited += pause;
  exchange.begun += pause;
  exchange.deadline += pause;
  sleep(exchange, pause);
  return true;
}

void Connection::sleep(Exchange& exchange, mtproto::Duration pause) {
  exchange.state = Exchange::State::sleeping;
  exchange.wake = boot_time() + pause;
  next_deadline_ = std::min(next_deadline_.value_or(exchange.wake), exchange.wake);
  sink_.wake();
}

// A Telegram of one address is asked again there in vain, and a key that somebody is signed in with
// is not given up because a request was refused.
bool Connection::migrate(Exchange& exchange, Purpose purpose, const RpcError& error) {
  const auto to = account::migration(error);
  const auto& telegram = *server_.telegram;
  if (purpose != Purpose::message || to.kind == account::Migration::none ||
      to.dc.value() == dc_of(exchange.at) || exchange.migrations >= most_migrations ||
      telegram.kind == upstream::Telegram::Kind::custom || telegram.addresses(to.dc).empty()) {
    return false;
  }
  if (to.kind == account::Migration::main) {
    const bool signed_in = user_id_ || (signin_ && signin_->state() == "done");
    if (exchange.at != at_home || blocker_ != nullptr || signed_in) return false;
    move_home(to.dc);
    if (closed_) return true;
  } else {
    exchange.at = to.dc == server_.dc ? at_home : to.dc.value();
  }
  ++exchange.migrations;
  exchange.send.after.clear();
  send(exchange, purpose);
  return true;
}

// The session goes on in another data centre, under a key to be made there. What is in flight and
// may be said twice is said again there.
void Connection::move_home(mtproto::DcId dc) {
  std::vector<std::uint64_t> again;
  for (auto& exchange : exchanges_) {
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
