// Requests to data centres that are not the session's own, and what the links to them want of it.
#include <algorithm>
#include <boost/asio/post.hpp>
#include <string>

#include "server/connection_way.hpp"
#include "server/shared_links.hpp"

namespace server {

using upstream::boot_time;
using upstream::LinkFailure;

std::optional<Failure> Connection::check_dc(mtproto::DcId dc,
                                            const upstream::Telegram& telegram) const {
  if (!telegram.addresses(dc).empty()) return {};
  std::string known;
  for (const auto number : telegram.known()) {
    known += (known.empty() ? "" : ", ") + std::to_string(number);
  }
  return type_error(
      "/dc", "there is no data centre " + std::to_string(dc.value()) + " here; known are " + known);
}

int Connection::dc_of(Place at) const { return at == at_home ? server_.dc.value() : at; }

upstream::LinkPort* Connection::port(Place at) const {
  if (at == at_home) return link_.get();
  const auto way = ways_.find(at);
  return way == ways_.end() ? nullptr : way->second->port.get();
}

const LinkFailure* Connection::last_failure(Place at) const {
  if (at == at_home) return last_failure_ ? &*last_failure_ : nullptr;
  const auto way = ways_.find(at);
  return way != ways_.end() && way->second->failure ? &*way->second->failure : nullptr;
}

std::optional<Failure> Connection::reach(Place at) {
  if (at == at_home) {
    if (ensure_link()) return {};
    const auto dc = server_.dc.value();
    return connection_error(dc, "unknown data centre",
                            "no address of data centre " + std::to_string(dc) + " is known");
  }
  auto& way = ways_[at];
  if (!way && ways_.size() > most_ways && !make_room()) {
    ways_.erase(at);
    return busy(most_ways, "requests to more than 8 data centres in flight; wait for answers");
  }
  if (!way) way = std::make_unique<Way>(*this, at);
  way->used = queue_.last_number();
  if (way->port) return {};
  const mtproto::DcId dc(at);
  if (passing_ && has_key()) {
    SharedLinks::Beside beside{link_settings(dc), link_settings(server_.dc), scheme().schema};
    way->port = thread_.links.join_beside(std::move(beside), session_state(), prefix(), *way);
    return {};
  }
  SecondaryLink::Settings settings;
  settings.dc = dc;
  settings.schema = scheme().schema;
  settings.make_link = [this, dc](mtproto::SessionState state, upstream::LinkUser& user) {
    return std::make_shared<upstream::Link>(executor_, link_settings(dc), std::move(state), random_,
                                            gateway_.pool, user);
  };
  way->port = std::make_shared<SecondaryLink>(executor_, std::move(settings), *this, *way);
  way->port->set_prefix(prefix());
  if (congested_) way->port->pause(true);
  return {};
}

// Lets the way go that was not used for longest and that nothing waits for.
bool Connection::make_room() {
  auto oldest = ways_.end();
  for (auto way = ways_.begin(); way != ways_.end(); ++way) {
    if (!way->second) continue;
    const bool in_use = std::ranges::any_of(queue_.all(), [&](const Exchange& one) {
      return one.state != Exchange::State::finished && one.at == way->first;
    });
    if (in_use) continue;
    if (oldest == ways_.end() || way->second->used < oldest->second->used) oldest = way;
  }
  if (oldest == ways_.end()) return false;
  oldest->second->close();
  ways_.erase(oldest);
  return true;
}

// Where the key is known there no more, that is our business and not the client's: with another
// key what may be said twice is said again, once.
void Connection::way_down(Place at, const LinkFailure& failure) {
  auto hopeless = unreached(at, failure);
  if (!failure.final) return give_up(hopeless, failure);
  ways_.at(at)->close();
  after_.forget_late(at);
  std::vector<std::uint64_t> again;
  for (const auto number : hopeless) {
    auto& exchange = *find(number);
    const bool repeats = failure.was_up && !exchange.attempts.authorised &&
                         !exchange.body.empty() && exchange.send.repeat == mtproto::Repeat::freely;
    if (!repeats) continue;
    exchange.attempts.authorised = true;
    waiters_.erase(*exchange.sent);
    exchange.sent.reset();
    again.push_back(number);
  }
  std::erase_if(hopeless,
                [&](auto number) { return std::ranges::find(again, number) != again.end(); });
  give_up(hopeless, failure);
  for (const auto number : again) {
    if (auto* exchange = find(number); exchange != nullptr && !closed_) dispatch(*exchange);
  }
}

// Whoever is signed in, or which key it is, is another story from here on.
void Connection::drop_ways(const char* why) {
  exported_ = false;
  home_calls_.clear();
  after_.forget_late_elsewhere();
  std::erase_if(waiters_, [](const auto& one) { return one.second.purpose == Purpose::home; });
  const auto ways = std::exchange(ways_, {});
  for (const auto& [at, way] : ways) way->close();
  std::vector<std::uint64_t> lost;
  for (const auto& exchange : queue_.all()) {
    if (exchange.sent && exchange.sent->at != at_home) lost.push_back(exchange.number);
  }
  for (const auto number : lost) {
    auto* exchange = find(number);
    if (exchange == nullptr || !exchange->sent) continue;
    fail(*exchange, outcome_unknown(std::string(why) +
                                    " while the request was in flight; it can't be known whether "
                                    "it was carried out"));
  }
}

// An answer at home: after a sign-out nothing may be done elsewhere in that account's name.
void Connection::account_gone(const Exchange& exchange, const account::RpcError* refusal) {
  const auto* method = exchange.encoding.innermost;
  const bool left = refusal == nullptr && method != nullptr && method->name == "auth.logOut";
  const bool unknown = refusal != nullptr && account::signed_out(*refusal) && exported_;
  if (!left && !unknown) return;
  drop_ways("the account was signed out");
  if (passing_ && has_key()) thread_.links.forget_beside(*session_state().key);
}

// --- `after`, across data centres ---

void Connection::send_waiting() {
  for (auto due = after_.released(); !due.empty() && !closed_; due = after_.released()) {
    for (const auto number : due) {
      auto* exchange = find(number);
      if (exchange == nullptr || exchange->state != Exchange::State::waiting || closed_) continue;
      dispatch(*exchange);
    }
  }
}

void Connection::fail_waiting(const char* why) {
  std::vector<std::uint64_t> waiting;
  for (const auto& exchange : queue_.all()) {
    if (exchange.state == Exchange::State::waiting) waiting.push_back(exchange.number);
  }
  for (const auto number : waiting) {
    auto* exchange = find(number);
    if (exchange == nullptr) continue;
    fail(*exchange, connection_error(dc_of(exchange->at), why,
                                     std::string(why) + " before the request was sent"));
  }
}

// --- calls at home ---

void Connection::call_home(tl::Bytes body, Done done) {
  if (!ensure_link()) {
    LinkFailure failure;
    failure.reason = "unknown data centre";
    failure.dc = server_.dc;
    boost::asio::post(executor_, [done = std::move(done), failure] { done(failure); });
    return;
  }
  mtproto::SendOptions options;
  options.repeat = mtproto::Repeat::freely;
  const auto request = link_->send(std::move(body), std::move(options));
  const auto call = ++last_home_call_;
  home_calls_[call] = {std::move(done), link_->ready()};
  waiters_[{at_home, request}] = {call, Purpose::home};
}

void Connection::home_answered(std::uint64_t call, Answer answer) {
  const auto found = home_calls_.find(call);
  if (found == home_calls_.end()) return;
  const auto done = std::move(found->second.done);
  home_calls_.erase(found);
  const auto* body = std::get_if<tl::Slice>(&answer);
  if (body != nullptr && !account::rpc_error(*body)) exported_ = true;
  done(std::move(answer));
}

// Those that were written may still be answered.
void Connection::home_unreached(const LinkFailure& failure) {
  std::vector<std::uint64_t> hopeless;
  for (const auto& [call, one] : home_calls_) {
    if (failure.final || !one.written) hopeless.push_back(call);
  }
  auto told = failure;
  told.dc = server_.dc;
  for (const auto call : hopeless) {
    const auto waiter = std::ranges::find_if(waiters_, [&](const auto& one) {
      return one.second.purpose == Purpose::home && one.second.exchange == call;
    });
    if (waiter != waiters_.end()) {
      if (link_) link_->forget(waiter->first.request);
      waiters_.erase(waiter);
    }
    home_answered(call, told);
  }
}

}  // namespace server
