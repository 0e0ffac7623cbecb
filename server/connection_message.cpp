// A message on its way to Telegram and back.
#include <algorithm>
#include <memory_resource>

#include "server/account/migration.hpp"
#include "server/connection.hpp"
#include "tl/reader.hpp"

namespace server {
namespace {

using upstream::boot_time;

constexpr std::uint32_t bad_msg_notification_id = 0xa7eff811;
// It is handed on, not copied, and then its reply can't be begun anew.
constexpr std::size_t large_extra = std::size_t{32} << 10;
constexpr std::size_t largest_kept = std::size_t{1} << 20;
constexpr unsigned most_names = 64;

}  // namespace

void Connection::dispatch(Exchange& exchange) {
  if (!exchange.encoding.lacking.empty()) return resolve(exchange);
  drop(std::move(exchange.arena));
  exchange.request.message = tl::Value{};  // its value is gone with the arena
  if (after_.holds_back(exchange)) return;
  exchange.send.after = after_.sent_before(exchange);
  exchange.state = Exchange::State::sent;
  send(exchange, Purpose::message);
}

// Names are asked for one by one, each before the message takes its place.
void Connection::resolve(Exchange& exchange) {
  exchange.state = Exchange::State::resolving;
  queue_.set_barrier(exchange);
  if (++exchange.names_asked > most_names || exchange.encoding.lacking.size() > most_names) {
    return fail(exchange, scheme_error("/message", "more than 64 names in one message"));
  }
  const auto question =
      account::PeerNames::question(exchange.encoding.lacking.front(), exchange.arena->memory());
  exchange.body.clear();
  auto encoded = tl::encode(*scheme().schema, question, {}, exchange.body);
  if (!encoded) {
    return fail(exchange, scheme_error("/message",
                                       "this layer can't resolve names: " + encoded.error().text));
  }
  exchange.send = {};
  exchange.send.repeat = mtproto::Repeat::freely;
  send(exchange, Purpose::name);
}

void Connection::send(Exchange& exchange, Purpose purpose) {
  sent_any_ = true;
  exchange.sent_at = boot_time();
  const auto at = purpose == Purpose::message ? exchange.at : at_home;
  if (auto failure = reach(at)) {
    if (purpose == Purpose::signin) signin_->failed();
    return fail(exchange, std::move(*failure));
  }
  auto* way = port(at);
  const auto size = exchange.body.size();
  const bool keeps = size <= largest_kept;
  exchange.sent_bytes = size;
  auto body = keeps ? exchange.body : std::exchange(exchange.body, {});
  exchange.sent = Ticket{at, way->send(std::move(body), exchange.send)};
  exchange.written = way->ready();
  exchange.share.resize(exchange.weight());
  waiters_[*exchange.sent] = {exchange.number, purpose};
}

// --- answers ---

void Connection::on_answer(mtproto::RequestId request, tl::Slice body) {
  deliver({gateway_.memory, Ticket{at_home, request}, std::move(body)});
}

void Connection::on_pushed(tl::Slice body) { deliver({gateway_.memory, {}, std::move(body)}); }

void Connection::deliver(Arrival arrival) {
  if (closed_) return;
  if (decoder_.keep(arrival)) return;
  if (!arrival.request) {
    if (recovers(arrival.body)) return take_updates(std::move(arrival), {});
    if (hears_scan(arrival.body) || !wants(arrival.body)) return;
    if (AnswerDecoder::is_large(arrival.body)) return decode_apart(std::move(arrival), 0);
    return push(arrival.body);
  }
  const auto waiter = waiters_.find(*arrival.request);
  if (waiter == waiters_.end()) return;
  const auto [number, purpose] = waiter->second;
  waiters_.erase(waiter);
  if (purpose == Purpose::updates) return take_updates(std::move(arrival), number);
  if (purpose == Purpose::home) return home_answered(number, std::move(arrival.body));
  if (purpose == Purpose::centres) return learn_centres(arrival.body);
  auto* exchange = find(number);
  if (exchange == nullptr) return;
  exchange->sent.reset();
  counters_.took(boot_time() - exchange->sent_at);
  if (retry(*exchange, purpose, arrival.body)) return;
  switch (purpose) {
    case Purpose::message:
      if (AnswerDecoder::is_large(arrival.body) || exchange->request.extra.size() > large_extra) {
        exchange->state = Exchange::State::decoding;
        return decode_apart(std::move(arrival), number);
      }
      message_answered(*exchange, arrival.body);
      return ask_centres();
    case Purpose::name:
      return name_answered(*exchange, arrival.body);
    case Purpose::signin:
      return signin_answered(*exchange, arrival.body);
    default:
      return;
  }
}

AnswerDecoder::Caller Connection::decoding() {
  return {work_of(thread_), weak_from_this(), [this] { resume_deliveries(); }};
}

// `number`: of the request that it answers; 0: it was pushed.
void Connection::decode_apart(Arrival arrival, std::uint64_t number) {
  auto due = tl::any_object;
  auto as = notation();
  if (const auto* exchange = find(number)) {
    if (exchange->send.api) due = exchange->encoding.result;
    as = exchange->notation;
  }
  auto done = [this, number](std::string& text, const Failure* failure) {
    if (!closed_) decoded_apart(number, text, failure);
  };
  decoder_.decode_text(decoding(), scheme().schema, due, as, std::move(arrival), std::move(done));
}

void Connection::decoded_apart(std::uint64_t number, std::string& text, const Failure* failure) {
  if (number == 0) {
    return failure != nullptr ? refuse("0", *failure) : replies_.push(std::move(text));
  }
  auto* exchange = find(number);
  if (exchange == nullptr) return;
  if (failure != nullptr) return fail(*exchange, *failure);
  Outcome outcome;
  outcome.text = &text;
  outcome.answered = true;
  finish(*exchange, outcome);
}

void Connection::resume_deliveries() {
  while (!closed_) {
    auto next = decoder_.next();
    if (!next) return;
    deliver(std::move(*next));
  }
}

void Connection::message_answered(Exchange& exchange, tl::ByteView body) {
  const bool at_its_own = exchange.at == at_home;
  if (recovery_ && at_its_own) take_answer(exchange, body);
  const auto error = account::rpc_error(body);
  if (at_its_own) account_gone(exchange, error ? &*error : nullptr);
  const auto* method = exchange.encoding.innermost;
  if (at_its_own && !error && method != nullptr && method->name == "auth.logOut") signed_out();
  Outcome outcome;
  outcome.answered = true;
  std::string text;
  if (error) {
    std::pmr::monotonic_buffer_resource arena;
    if (auto value = tl::decode_value(*scheme().schema, tl::any_object, body, arena)) {
      tl::write_json(account::named_error(*value, arena), text);
      if (error->code == 401 && at_its_own) signed_out();
      outcome.message = text;
      outcome.refused = true;
      return finish(exchange, outcome);
    }
  }
  outcome.body = body;
  outcome.schema = scheme().schema.get();
  finish(exchange, outcome);
}

void Connection::name_answered(Exchange& exchange, tl::ByteView body) {
  auto& arena = exchange.arena->memory();
  std::string error;
  auto value = tl::decode_value(*scheme().schema, tl::any_object, body, arena);
  if (value && account::rpc_error(*value)) {
    tl::write_json(account::named_error(*value, arena), error);
  } else if (!value || !names_.learn(exchange.encoding.lacking.front(), *value, boot_time())) {
    error = R"({"_cons":"rpc_error","error_code":400,"error_message":"USERNAME_NOT_OCCUPIED",)"
            R"("_name":"USERNAME_NOT_OCCUPIED"})";
  }
  if (!error.empty()) {
    Outcome outcome;
    outcome.message = error;
    outcome.answered = true;
    outcome.refused = true;
    return finish(exchange, outcome);
  }
  auto failure = exchange.large ? encode_apart(exchange, options_, names_)
                                : encode(exchange, options_, names_);
  if (failure) return fail(exchange, std::move(*failure));
  if (exchange.state != Exchange::State::encoding) named(exchange);
}

void Connection::named(Exchange& exchange) {
  if (exchange.encoding.lacking.empty()) queue_.lift_barrier(exchange);
  dispatch(exchange);
  advance();
}

// Whether its client wants to hear of it.
bool Connection::wants(tl::ByteView pushed) const {
  return options_.updates != Updates::none || tl::Reader(pushed).peek() == bad_msg_notification_id;
}

void Connection::push(tl::ByteView body) {
  if (const auto failure = replies_.push(*scheme().schema, notation(), body)) refuse("0", *failure);
}

}  // namespace server
