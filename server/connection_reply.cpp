// What a request came to, and what follows from that.

#include <cstdio>

#include "server/connection.hpp"
#include "server/logs/logger.hpp"
#include "server/logs/terminal_text.hpp"

namespace server {

void Connection::fail(Exchange& exchange, Failure failure) {
  failure.doing.insert(failure.doing.begin(), "serving request " + exchange.request.id);
  note(failure);
  Outcome outcome;
  outcome.failure = &failure;
  finish(exchange, outcome);
}

void Connection::finish(Exchange& exchange, const Outcome& outcome) {
  if (exchange.own) return finish_own(exchange, outcome);
  unblock(exchange);
  count(exchange, outcome);
  drop(std::move(exchange.arena));
  const bool written = replies_.finish(exchange, outcome, attributes(exchange, outcome));
  send_waiting();
  if (!written) return;
  if (ended_ && idle() && !closed_) {
    sink_.finish();
  } else if (!advancing_) {
    advance();
  }
}

// Of the connection as the request leaves it.
ReplyWriter::Attributes Connection::attributes(const Exchange& exchange,
                                               const Outcome& outcome) const {
  ReplyWriter::Attributes out;
  if (outcome.failure != nullptr) return out;
  const auto& request = exchange.request;
  if (request.server) write_server_attribute(server_, out.server);
  if (request.options) write_options_attribute(options_, out.options);
  if (request.session || request.signin) out.session = session_text(exchange.session_as);
  return out;
}

void Connection::count(const Exchange& exchange, const Outcome& outcome) {
  count_out(exchange);
  if (outcome.failure != nullptr) return counters_.outcome(outcome.failure->error);
  if (!exchange.request.message && !exchange.request.signin) return counters_.outcome("answered");
  if (!outcome.answered) return counters_.outcome("rpc_timeout");
  counters_.outcome(outcome.refused ? "rpc_error" : "answered");
}

// It is in flight no more.
void Connection::count_out(const Exchange& exchange) {
  if (exchange.state == Exchange::State::finished) return;
  if (exchange.request.message || exchange.request.signin) counters_.requests_in_flight.subtract();
}

void Connection::unblock(Exchange& exchange) {
  if (exchange.sent) {
    waiters_.erase(*exchange.sent);
    exchange.sent.reset();
  }
  queue_.lift_barrier(exchange);
}

void Connection::note(const Failure& failure) const {
  logs::debug("conn={} error={}", number_, failure.error);
  if (!gateway_.options.print_tracebacks) return;
  std::string text = "conn=" + std::to_string(number_) + "\n";
  for (const auto& line : traceback(failure)) text += "  " + logs::escaped(line) + "\n";
  std::fputs(text.c_str(), stderr);
}

}  // namespace server
