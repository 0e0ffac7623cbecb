#include "server/connection.hpp"

#include <algorithm>

#include "server/connection_way.hpp"

namespace server {

using upstream::boot_time;

Connection::Connection(ThreadState& thread, Sink& sink, const ConnectionSetup& setup)
    : thread_(thread),
      gateway_(thread.gateway),
      random_(thread.random),
      executor_(thread.executor),
      counters_(thread.counters),
      sink_(sink),
      number_(setup.number),
      passing_(setup.passing),
      schemes_(gateway_.schemes()),
      queue_(gateway_.memory),
      after_(queue_),
      replies_(queue_, sink_, gateway_.memory, gateway_.options.send_tracebacks),
      recovery_share_(gateway_.memory) {
  options_.layer = schemes_->first().layer;
  options_.ignore_unknown = gateway_.options.ignore_unknown;
  options_.app = gateway_.options.app;
  options_.pfs = gateway_.options.pfs;
  options_.json = setup.json;
  if (setup.passing) options_.updates = Updates::none;
  server_.telegram = gateway_.telegram;
  server_.dc = mtproto::DcId(gateway_.options.dc);
  server_.transport.framing = gateway_.options.transport;
  server_.transport.obfuscated = gateway_.options.obfuscated;
  server_.proxy = gateway_.proxy;
}

Connection::~Connection() {
  close();
  for (auto& exchange : queue_.all()) drop(std::move(exchange.arena));
}

void Connection::receive(Incoming&& object) {
  if (closed_ || ended_) return drop(std::move(object.arena));
  if (!object.request) {
    drop(std::move(object.arena));
    return refuse(object.request.error());
  }
  auto& exchange = queue_.add(boot_time());
  exchange.request = std::move(*object.request);
  exchange.arena = std::move(object.arena);
  exchange.share = std::move(object.share);
  exchange.large = object.large;
  if (exchange.request.message || exchange.request.signin) {
    counters_.requests_in_flight.add();
    const auto timeout = exchange.request.timeout.value_or(gateway_.options.rpc_timeout);
    queue_.set_deadline(exchange, exchange.begun + timeout);
  }
  if (queue_.size() > most_in_flight) {
    fail(exchange, busy(most_in_flight, "more than 1024 requests in flight; wait for answers"));
    return;
  }
  if (!exchange.share.try_resize(exchange.weight())) {
    fail(exchange, busy(gateway_.memory.limit(), "the gateway is at its bound of memory"));
    return;
  }
  advance();
}

void Connection::refuse(Refused&& refused) {
  note(refused.failure);
  counters_.outcome(refused.failure.error);
  replies_.refuse(refused.id, refused.extra.get(), refused.failure);
}

// The kernel takes milliseconds to get megabytes back.
void Connection::drop(std::unique_ptr<RequestArena> arena) {
  constexpr std::size_t large = std::size_t{1} << 20;
  if (arena && arena->size() > large) gateway_.pool.destroy(std::move(arena));
}

void Connection::refuse(std::string_view id, const Failure& failure) {
  if (closed_) return;
  note(failure);
  counters_.outcome(failure.error);
  replies_.refuse(id, nullptr, failure);
}

void Connection::end() {
  if (ended_ || closed_) return;
  ended_ = true;
  if (idle()) sink_.finish();
}

void Connection::close() {
  if (closed_) return;
  closed_ = true;
  replies_.close();
  recovery_.reset();
  for (const auto& exchange : queue_.all()) {
    count_out(exchange);
    auto* way = exchange.sent ? port(exchange.sent->at) : nullptr;
    if (way != nullptr) way->forget(exchange.sent->request);
  }
  if (link_) link_->close();
  link_.reset();
  home_calls_.clear();
  stop_asking();
  for (const auto& [at, way] : ways_) way->close();
  if (claimed_) gateway_.live.release(*claimed_);
  claimed_.reset();
}

void Connection::set_congested(bool congested) {
  if (congested_ == congested) return;
  congested_ = congested;
  if (link_) link_->pause(congested);
  for (const auto& [at, way] : ways_) {
    if (auto* other = port(at)) other->pause(congested);
  }
  if (!recovery_) return;
  recovery_->pause(congested, boot_time());
  carry_out({});
}

// --- order ---

void Connection::advance() {
  if (advancing_ || closed_) return;
  advancing_ = true;
  while (auto* exchange = queue_.next()) begin(*exchange);
  advancing_ = false;
}

void Connection::begin(Exchange& exchange) {
  if (auto failure = start(exchange)) fail(exchange, std::move(*failure));
}

// Everything is read before anything is done.
std::optional<Failure> Connection::start(Exchange& exchange) {
  if (exchange.own) return start_own(exchange);
  auto& request = exchange.request;
  std::optional<ConnectionOptions> chosen;  // none: they stay as they are
  if (request.options) {
    auto read = read_options_attribute(*request.options, options_, *schemes_, !sent_any_);
    if (!read) return std::move(read.error());
    chosen = std::move(*read);
  }
  std::optional<ServerChoice> choice;
  if (request.server) {
    auto read =
        read_server_attribute(*request.server, server_, gateway_.telegram, gateway_.allowed);
    if (!read) return std::move(read.error());
    choice = std::move(*read);
  }
  std::optional<account::SessionLine> line;
  if (request.session) {
    auto read = account::read_session(*request.session);
    if (!read) {
      const auto problem = read.error();
      return Failure{problem.error, problem.text, "/session" + problem.path, {}, {}};
    }
    exchange.session_as = read->as;
    const auto attribute = session_attribute(choice ? *choice : server_);
    if (auto failure = attribute.check_format(*read)) return failure;
    if (!read->empty()) line = std::move(*read);
    if (line) {
      if (auto failure = attribute.check(*line)) return failure;
      if (line->api_id) {
        if (!chosen) chosen = options_;
        chosen->app.api_id = *line->api_id;
      }
    }
  }
  if (request.dc) {
    const auto& where = choice ? *choice->telegram : *server_.telegram;
    if (auto failure = check_dc(*request.dc, where)) return failure;
  }
  const auto& options = chosen ? *chosen : options_;
  const bool other_account =
      choice || (line && !session_attribute(server_).names(*line, session_state()));
  if (request.message) {
    const account::PeerNames none;
    if (!exchange.encoded) names_.expire(exchange.begun);
    const auto& names = other_account ? none : names_;
    if (exchange.large && !exchange.encoded) return encode_apart(exchange, options, names);
    auto failure = exchange.encoded ? take_encoded(exchange, options, std::move(*exchange.encoded))
                                    : encode(exchange, options, names);
    exchange.encoded.reset();
    if (failure) return failure;
  }
  std::optional<account::Action> step;
  std::unique_ptr<account::Signin> fresh;
  if (request.signin) {
    if (other_account || !signin_) fresh = std::make_unique<account::Signin>(random_);
    const bool has_key = line ? line->auth_key.has_value() : session_state().key.has_value();
    const auto& free = choice ? *choice->telegram : *server_.telegram;
    auto app = options.app;
    if (app.api_id == 0) app.api_id = free.free_api_id;
    if (app.api_hash.empty()) app.api_hash = free.free_api_hash;
    account::SigninContext context;
    context.api_id = app.api_id;
    context.api_hash = app.api_hash;
    context.authorized_unknown = has_key && (line || !authorization_known_);
    auto& machine = fresh ? *fresh : *signin_;
    step = machine.begin(*request.signin, context, exchange.arena->memory());
    if (const auto* refusal = std::get_if<account::Refusal>(&*step)) {
      return refusal_failure(*refusal, machine.state());
    }
  }

  if (choice) apply_server(std::move(*choice));
  if (chosen) apply_options(std::move(*chosen));
  if (line) apply_session(*line);
  if (fresh) signin_ = std::move(fresh);
  follow_updates();
  exchange.notation = notation();
  if (request.dc && *request.dc != server_.dc) exchange.at = request.dc->value();

  if (request.message) {
    dispatch(exchange);
  } else if (step) {
    queue_.set_barrier(exchange);
    exchange.state = Exchange::State::signing;
    return drive(exchange, std::move(*step));
  } else {
    finish(exchange, {});
  }
  return {};
}

}  // namespace server
