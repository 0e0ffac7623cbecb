// Replies: as they are ready, under one id in order.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>

#include "server/connection.hpp"
#include "server/logs/terminal_text.hpp"
#include "server/metered_text.hpp"

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
  if (queue_.first_of(exchange.request.id) != &exchange) {
    hold(exchange, outcome);
    return send_waiting();
  }
  emit(exchange, outcome);
  send_waiting();
  if (ended_ && idle() && !closed_) {
    sink_.finish();
  } else if (!advancing_) {
    advance();
  }
}

// Until those before it under the same id are through.
void Connection::hold(Exchange& exchange, const Outcome& outcome) {
  write(exchange, outcome, exchange.reply);
  exchange.state = Exchange::State::finished;
  drop(std::move(exchange.arena));
  tl::release(exchange.body);
  exchange.sent_bytes = 0;
  if (!exchange.share.try_resize(exchange.weight())) {
    const auto failure = no_room_for_answer(gateway_.memory.limit());
    Outcome refused;
    refused.failure = &failure;
    exchange.reply.clear();
    write(exchange, refused, exchange.reply);
    exchange.share.resize(exchange.weight());
  }
  held_ += exchange.reply.size();
  sink_.weigh();
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

void Connection::emit(Exchange& exchange, const Outcome& outcome) {
  const auto id = exchange.request.id;
  const auto holds_session = [](const Request& of) { return of.session || of.signin; };
  const bool secret = holds_session(exchange.request);
  write(exchange, outcome, sink_.begin());
  auto number = exchange.number;
  drop(std::move(exchange.arena));
  queue_.erase(exchange);
  sink_.complete(secret);
  // Those that waited for this one, if any did.
  while (held_ > 0 && !closed_) {
    auto* next = queue_.first_of(id, number);
    if (next == nullptr || next->state != Exchange::State::finished) break;
    number = next->number;
    held_ -= next->reply.size();
    sink_.begin().attach(std::move(next->reply));
    const bool secret_too = holds_session(next->request);
    queue_.erase(*next);
    sink_.complete(secret_too);
  }
}

void Connection::write(Exchange& exchange, const Outcome& outcome, LongText& out) {
  auto& request = exchange.request;
  std::string server, options, session;
  if (outcome.failure == nullptr) {
    if (request.server) write_server_attribute(server_, server);
    if (request.options) write_options_attribute(options_, options);
    if (request.session || request.signin) session = session_text(exchange.session_as);
  }
  Reply reply;
  reply.id = request.id;
  reply.extra = &request.extra;
  reply.server = server;
  reply.options = options;
  reply.session = session;
  reply.signin = outcome.signin;
  reply.failure = outcome.failure;
  reply.with_traceback = gateway_.options.send_tracebacks;
  reply.notation = exchange.notation;
  if (outcome.failure == nullptr) reply.ignored = &exchange.encoding;
  if (!outcome.answered) reply.random_ids = &exchange.encoding.drawn;
  if (outcome.text != nullptr) {
    reply.write_message = [&](LongText& to) {
      to.attach(std::move(*outcome.text));
      return true;
    };
    write_reply(reply, out);
    return;
  }
  if (outcome.message_body.empty()) {
    reply.message = outcome.message;
    write_reply(reply, out);
    return;
  }
  // One reference, so that it needs no memory of its own.
  Failure refused;
  const auto decode = [&](std::string& to) {
    const auto due = exchange.send.api ? exchange.encoding.result : tl::any_object;
    return decode_into(due, outcome.message_body, exchange.notation, to, refused);
  };
  reply.write_message = [&decode](LongText& to) { return decode(to.end()); };
  if (write_reply(reply, out)) return;
  reply.write_message = {};
  reply.failure = &refused;
  write_reply(reply, out);
}

bool Connection::decode_into(tl::TypeRef due, tl::ByteView body, tl::Notation notation,
                             std::string& out, Failure& failure) const {
  MeteredText room(gateway_.memory);
  const auto decoded = tl::decode_text_within(room, *scheme().schema, due, body, notation, out);
  if (decoded != tl::Decoded::too_long) return true;
  failure = room.failure();
  return false;
}

void Connection::unblock(Exchange& exchange) {
  if (exchange.sent) {
    waiters_.erase(*exchange.sent);
    exchange.sent.reset();
  }
  queue_.lift_barrier(exchange);
}

void Connection::note(const Failure& failure) const {
  spdlog::debug("conn={} error={}", number_, failure.error);
  if (!gateway_.options.print_tracebacks) return;
  std::string text = "conn=" + std::to_string(number_) + "\n";
  for (const auto& line : traceback(failure)) text += "  " + logs::escaped(line) + "\n";
  std::fputs(text.c_str(), stderr);
}

}  // namespace server
