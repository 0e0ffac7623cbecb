// What the links to Telegram say of themselves.
#include "server/connection_way.hpp"
#include "server/logs/logger.hpp"

namespace server {

using upstream::boot_time;

void Connection::on_connecting() { event(at_home, "connecting", nullptr); }

void Connection::on_key_exchange() { event(at_home, "key_exchange", nullptr); }

void Connection::reached(Place at) {
  for (auto& exchange : queue_.all()) {
    if (exchange.sent && exchange.sent->at == at) exchange.written = true;
  }
}

void Connection::on_ready() {
  for (auto& [number, call] : home_calls_) call.written = true;
  reached(at_home);
  event(at_home, "ready", nullptr);
  if (recovery_) {
    recovery_->connected(boot_time());
    carry_out({});
  }
  // The code may have been scanned while there was no connection.
  if (!moving_) return refresh_code();
  auto* signing = queue_.barrier();
  if (signing == nullptr) return;
  moving_ = false;
  drive_on(*signing, signin_->moved(signing->arena->memory()));
}

// Those that were never written are told; those that were may still be answered, unless this is
// the end.
std::vector<std::uint64_t> Connection::unreached(Place at, const upstream::LinkFailure& failure) {
  logs::strangers_info(logs::StrangersLine::link_down, "conn={} dc={} down reason=\"{}\"", number_,
                       dc_of(at), failure.reason);
  (at == at_home ? last_failure_ : ways_.at(at)->failure) = failure;
  event(at, failure.final ? "failed" : "waiting", &failure);
  std::vector<std::uint64_t> hopeless;
  for (auto& exchange : queue_.all()) {
    const bool moves = moving_ && at == at_home && &exchange == queue_.barrier();
    const bool waits = (exchange.sent && exchange.sent->at == at) || moves;
    if (waits || exchange.at == at) exchange.unreached = true;
    if (!waits) continue;
    exchange.interrupted = exchange.interrupted || (exchange.sent && exchange.written);
    if (failure.final || !exchange.written) hopeless.push_back(exchange.number);
  }
  return hopeless;
}

void Connection::give_up(const std::vector<std::uint64_t>& exchanges,
                         const upstream::LinkFailure& failure) {
  for (const auto number : exchanges) {
    auto* exchange = find(number);
    if (exchange == nullptr) continue;
    const auto at = exchange->sent ? exchange->sent->at : at_home;
    if (auto* way = exchange->sent ? port(at) : nullptr) way->forget(exchange->sent->request);
    if (exchange->state == Exchange::State::signing) {
      signin_failed(*exchange, down_failure(at, failure));
    } else {
      fail(*exchange, down_failure(at, failure));
    }
  }
}

void Connection::on_down(const upstream::LinkFailure& failure) {
  const auto hopeless = unreached(at_home, failure);
  if (recovery_) failure.final ? recovery_->dropped() : recovery_->disconnected();
  if (failure.final && link_) {
    saved_ = link_->state();
    link_->close();
    link_.reset();
    // The next link counts its requests from the beginning.
    after_.forget_late(at_home);
    std::erase_if(waiters_, [](const auto& one) {
      return one.second.purpose == Purpose::updates || one.second.purpose == Purpose::centres;
    });
    stop_asking();
    drop_code();
  }
  home_unreached(failure);
  give_up(hopeless, failure);
}

Failure Connection::down_failure(Place at, const upstream::LinkFailure& failure) const {
  const auto dc = failure.dc ? failure.dc->value() : dc_of(at);
  auto text = "data centre " + std::to_string(dc);
  if (!failure.where.empty()) text += " (" + failure.where + ")";
  text += failure.was_up ? ": " : " can't be reached: ";
  return connection_error(dc, failure.reason, text + failure.reason);
}

void Connection::on_written(mtproto::RequestId request) { written({at_home, request}); }
void Connection::on_lost(mtproto::RequestId request) { lost({at_home, request}); }
void Connection::on_refused(mtproto::RequestId request, boost::system::error_code why) {
  refused({at_home, request}, why);
}

void Connection::written(const Ticket& ticket) {
  const auto waiter = waiters_.find(ticket);
  if (waiter == waiters_.end() || waiter->second.purpose != Purpose::message) return;
  auto* exchange = find(waiter->second.exchange);
  if (exchange == nullptr) return;
  Outcome outcome;
  outcome.answered = true;
  outcome.message = exchange->notation == tl::Notation::plain ? "true" : R"({"_cons":"boolTrue"})";
  finish(*exchange, outcome);
}

// True where it was a call that no client waits for.
bool Connection::own_call_failed(const Ticket& ticket, const std::string& why) {
  const auto waiter = waiters_.find(ticket);
  if (waiter == waiters_.end()) return true;
  const auto [call, purpose] = waiter->second;
  const bool own =
      purpose == Purpose::updates || purpose == Purpose::home || purpose == Purpose::centres;
  if (!own) return false;
  waiters_.erase(waiter);
  if (purpose == Purpose::updates) updates_failed(call);
  if (purpose == Purpose::centres) stop_asking();
  if (purpose == Purpose::home) {
    upstream::LinkFailure failure;
    failure.reason = why;
    failure.dc = server_.dc;
    home_answered(call, std::move(failure));
  }
  return true;
}

void Connection::lost(const Ticket& ticket) {
  if (own_call_failed(ticket, "the connection was lost")) return;
  const auto [number, purpose] = waiters_.at(ticket);
  auto* exchange = find(number);
  if (exchange == nullptr) return;
  auto failure = outcome_unknown(
      "the connection to Telegram was lost, and it can't be known whether the request was "
      "carried out");
  if (purpose == Purpose::signin) return signin_failed(*exchange, std::move(failure));
  fail(*exchange, std::move(failure));
}

void Connection::refused(const Ticket& ticket, boost::system::error_code why) {
  if (own_call_failed(ticket, why.message())) return;
  if (auto* exchange = find(waiters_.at(ticket).exchange)) {
    fail(*exchange, type_error("/message", why.message()));
  }
}

void Connection::on_changed() {
  if (!closed_) update_claim();
}

void Connection::on_renewed() {
  if (closed_ || !recovery_) return;
  recovery_->renewed(boot_time());
  carry_out({});
}

void Connection::event(Place at, std::string_view state, const upstream::LinkFailure* failure) {
  if (!options_.events || closed_) return;
  auto& out = sink_.begin().end();
  out += "{\"id\":0,\"connection\":{\"dc\":" + std::to_string(dc_of(at));
  out.append(",\"state\":\"").append(state).append("\"");
  if (failure != nullptr) {
    if (failure->retry_in) {
      const auto ms = failure->retry_in->count() / 1000;
      out += ",\"retry_in\":" + std::to_string(ms / 1000) + "." +
             std::to_string(1000 + ms % 1000).substr(1);
    }
    out += ",\"reason\":";
    tl::write_json_string(failure->reason, out);
  }
  out += "}}";
  sink_.complete();
}

}  // namespace server
