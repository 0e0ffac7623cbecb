// A message on its way to Telegram and back.
#include <algorithm>
#include <memory_resource>

#include "server/account/migration.hpp"
#include "server/connection.hpp"
#include "tl/reader.hpp"

namespace server {
namespace {

using upstream::boot_time;

constexpr std::uint32_t rpc_error_id = 0x2144ca19;
constexpr std::uint32_t bad_msg_notification_id = 0xa7eff811;
constexpr std::size_t decode_apart_above = std::size_t{256} << 10;
constexpr std::size_t largest_kept = std::size_t{1} << 20;
constexpr unsigned most_names = 64;
// Before a request that has waited at Telegram for others is sent again.
constexpr auto after_pause = std::chrono::milliseconds(500);

// Decoding that is too long for a connection's thread.
class DecodeWork final : public mtproto::Work {
 public:
  DecodeWork(std::shared_ptr<const tl::Schema> schema, tl::TypeRef due, tl::Bytes body,
             tl::Notation notation)
      : schema_(std::move(schema)), due_(due), body_(std::move(body)), notation_(notation) {}
  void run() override { tl::decode_text(*schema_, due_, body_, notation_, text_); }
  const std::string& text() const { return text_; }
  tl::ByteView body() const { return body_; }

 private:
  std::shared_ptr<const tl::Schema> schema_;
  tl::TypeRef due_;
  tl::Bytes body_;
  tl::Notation notation_;
  std::string text_;
};

bool is_rpc_error(tl::ByteView body) { return tl::Reader(body).peek() == rpc_error_id; }

}  // namespace

void Connection::dispatch(Exchange& exchange) {
  if (!exchange.encoding.lacking.empty()) return resolve(exchange);
  follow_others(exchange);
  exchange.state = Exchange::State::sent;
  exchange.arena.reset();
  exchange.request.message = tl::Value{};  // its value is gone with the arena
  send(exchange, Purpose::message);
}

void Connection::follow_others(Exchange& exchange) {
  auto& after = exchange.send.after;
  after.clear();
  for (const auto& id : exchange.request.after) {
    for (const auto& other : exchanges_) {
      if (&other != &exchange && other.request.id == id && other.sent && other.send.api) {
        after.push_back(*other.sent);
      }
    }
    for (const auto& [name, request] : late_) {
      if (name == id) after.push_back(request);
    }
  }
}

// Names are asked for one by one, each before the message takes its place.
void Connection::resolve(Exchange& exchange) {
  exchange.state = Exchange::State::resolving;
  blocker_ = &exchange;
  if (++exchange.names_asked > most_names) {
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
  if (!ensure_link()) {
    const auto dc = std::to_string(server_.dc.value());
    if (purpose == Purpose::signin) signin_->failed();
    return fail(exchange, connection_error(server_.dc.value(), "unknown data centre",
                                           "no address of data centre " + dc + " is known"));
  }
  exchange.written = link_->ready();
  const auto size = exchange.body.size();
  if (!exchange.share) exchange.share.emplace(gateway_.memory);
  exchange.share->resize(size <= largest_kept ? 2 * size : size);
  if (size <= largest_kept) {
    exchange.sent = link_->send(exchange.body, exchange.send);
  } else {
    exchange.sent = link_->send(std::exchange(exchange.body, {}), exchange.send);
  }
  waiters_[exchange.sent->value()] = {exchange.number, purpose};
}

// --- answers ---

void Connection::on_answer(mtproto::RequestId request, tl::Bytes body) {
  deliver({request, std::move(body)});
}

void Connection::on_pushed(tl::Bytes body) { deliver({{}, std::move(body)}); }

void Connection::deliver(Delivery delivery) {
  if (closed_) return;
  if (decoding_) {
    deliveries_.push_back(std::move(delivery));
    return;
  }
  if (!delivery.request) {
    if (recovers(delivery.body)) return take_updates(std::move(delivery.body), {});
    if (delivery.body.size() > decode_apart_above) return decode_apart(std::move(delivery), 0);
    return push(delivery.body, nullptr);
  }
  const auto waiter = waiters_.find(delivery.request->value());
  if (waiter == waiters_.end()) return;
  const auto [number, purpose] = waiter->second;
  if (purpose == Purpose::updates) {
    waiters_.erase(waiter);
    return take_updates(std::move(delivery.body), number);
  }
  auto* exchange = find(number);
  waiters_.erase(waiter);
  if (exchange == nullptr) return;
  exchange->sent.reset();
  counters_.took(boot_time() - exchange->sent_at);
  if (retry(*exchange, purpose, delivery.body)) return;
  switch (purpose) {
    case Purpose::message:
      if (delivery.body.size() > decode_apart_above) {
        exchange->state = Exchange::State::decoding;
        return decode_apart(std::move(delivery), number);
      }
      return message_answered(*exchange, std::move(delivery.body));
    case Purpose::name:
      return name_answered(*exchange, delivery.body);
    case Purpose::signin:
      return signin_answered(*exchange, delivery.body);
    case Purpose::updates:
      return;
  }
}

void Connection::decode_apart(Delivery delivery, std::uint64_t number) {
  decoding_ = true;
  auto due = tl::any_object;
  auto as = notation();
  if (const auto* exchange = find(number)) {
    if (exchange->send.api) due = exchange->encoding.result;
    as = exchange->notation;
  }
  auto work = std::make_unique<DecodeWork>(scheme().schema, due, std::move(delivery.body), as);
  auto done = [weak = weak_from_this(), number](std::unique_ptr<mtproto::Work> result) {
    const auto self = weak.lock();
    if (!self || self->closed_) return;
    const auto& decoded = static_cast<const DecodeWork&>(*result);
    self->decoding_ = false;
    if (number == 0) {
      self->push(decoded.body(), &decoded.text());
    } else if (auto* exchange = self->find(number)) {
      Outcome outcome;
      outcome.message = decoded.text();
      outcome.answered = true;
      self->finish(*exchange, outcome);
    }
    self->resume_deliveries();
  };
  gateway_.pool.run(std::move(work), executor_, std::move(done));
}

void Connection::resume_deliveries() {
  while (!decoding_ && !deliveries_.empty() && !closed_) {
    auto next = std::move(deliveries_.front());
    deliveries_.pop_front();
    deliver(std::move(next));
  }
}

// True where it is sent once more instead of being answered.
bool Connection::retry(Exchange& exchange, Purpose purpose, tl::ByteView body) {
  if (!is_rpc_error(body) || exchange.body.empty() || !exchange.send.api) return false;
  tl::Reader reader(body);
  reader.nat();
  account::RpcError error;
  error.code = reader.int32();
  error.message = tl::as_text(reader.bytes());
  if (!reader) return false;
  error.name = account::name_error(error.message);
  if (account::wants_init(error) && !exchange.initialised_again && !exchange.send.bare) {
    exchange.initialised_again = true;
    update_prefix();
    send(exchange, purpose);
    return true;
  }
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

void Connection::message_answered(Exchange& exchange, tl::Bytes body) {
  if (recovery_) take_answer(exchange, body);
  Outcome outcome;
  outcome.answered = true;
  std::string text;
  if (is_rpc_error(body)) {
    std::pmr::monotonic_buffer_resource arena;
    if (auto value = tl::decode_value(*scheme().schema, tl::any_object, body, arena)) {
      tl::write_json(account::named_error(*value, arena), text);
      if ((*value)["error_code"].as_int64() == 401) signed_out();
      outcome.message = text;
      outcome.refused = true;
      return finish(exchange, outcome);
    }
  }
  outcome.message_body = body;
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
  if (auto failure = encode(exchange, options_, names_)) return fail(exchange, std::move(*failure));
  if (exchange.encoding.lacking.empty()) blocker_ = nullptr;
  dispatch(exchange);
  advance();
}

void Connection::push(tl::ByteView body, const std::string* decoded) {
  if (hears_scan(body)) return;
  if (options_.updates == Updates::none && tl::Reader(body).peek() != bad_msg_notification_id)
    return;
  auto& out = sink_.begin();
  out += "{\"id\":0,\"message\":";
  if (decoded != nullptr) {
    out += *decoded;
  } else {
    tl::decode_text(*scheme().schema, tl::any_object, body, notation(), out);
  }
  out += '}';
  sink_.complete();
}

void Connection::on_written(mtproto::RequestId request) {
  const auto waiter = waiters_.find(request.value());
  if (waiter == waiters_.end() || waiter->second.purpose == Purpose::updates) return;
  auto* exchange = find(waiter->second.exchange);
  if (exchange == nullptr) return;
  Outcome outcome;
  outcome.answered = true;
  outcome.message = exchange->notation == tl::Notation::plain ? "true" : R"({"_cons":"boolTrue"})";
  finish(*exchange, outcome);
}

void Connection::on_lost(mtproto::RequestId request) {
  const auto waiter = waiters_.find(request.value());
  if (waiter == waiters_.end()) return;
  if (waiter->second.purpose == Purpose::updates) {
    const auto call = waiter->second.exchange;
    waiters_.erase(waiter);
    return updates_failed(call);
  }
  auto* exchange = find(waiter->second.exchange);
  if (exchange == nullptr) return;
  const auto purpose = waiter->second.purpose;
  auto failure = outcome_unknown(
      "the connection to Telegram was lost, and it can't be known whether the request was "
      "carried out");
  if (purpose == Purpose::signin) return signin_failed(*exchange, std::move(failure));
  fail(*exchange, std::move(failure));
}

void Connection::on_refused(mtproto::RequestId request, boost::system::error_code why) {
  const auto waiter = waiters_.find(request.value());
  if (waiter == waiters_.end()) return;
  if (waiter->second.purpose == Purpose::updates) {
    const auto call = waiter->second.exchange;
    waiters_.erase(waiter);
    return updates_failed(call);
  }
  if (auto* exchange = find(waiter->second.exchange)) {
    fail(*exchange, type_error("/message", why.message()));
  }
}

}  // namespace server
