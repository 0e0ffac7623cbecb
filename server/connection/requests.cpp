#include "server/connection/requests.hpp"

#include <utility>

namespace server {

using State = ClientRequest::State;

namespace {

bool is_kept(const named::NamedAccount* account) {
  return account != nullptr && account->state() == named::NamedAccount::State::there;
}

Failure account_not_there(mtproto::Duration waited) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(waited).count();
  return {"StoreUnavailable",
          "the account could not be used within " + std::to_string(seconds) +
              " s: the store did not answer, or another client's step of sign-in was under way",
          "/account",
          {},
          {}};
}

}  // namespace

Requests::Requests(const ConnectionServices& services, ClientAttributes& attributes,
                   ClientSignin& signin, ObjectSink& sink, const FailureLog& log, User& user)
    : services_(services),
      attributes_(attributes),
      signin_(signin),
      log_(log),
      user_(user),
      counts_(services.counters),
      queue_(services.memory),
      replies_(queue_, sink, services.memory, services.send_tracebacks, attributes.options().shape),
      deliveries_(std::make_shared<Deliveries>(replies_, attributes, services.memory,
                                               services.runner,
                                               static_cast<Deliveries::User&>(*this))),
      preparer_(std::make_shared<MessagePreparer>(queue_, attributes, services.memory,
                                                  services.random, services.runner,
                                                  static_cast<MessagePreparer::User&>(*this))),
      sender_(queue_, attributes, *deliveries_, services.counters, *this) {
  replies_.set_max_message(attributes.options().max_message);
}

Requests::~Requests() {
  for (auto& request : queue_.all()) drop_arena(std::move(request.arena), services_.runner.pool);
}

// --- in ---

void Requests::add(Incoming&& object, mtproto::Time now) {
  if (closed_ || !object.request) {
    drop_arena(std::move(object.arena), services_.runner.pool);
    if (closed_) return;
    const auto refused = object.request.error();
    log_.note(refused.failure);
    counts_.refused(refused.failure);
    return replies_.refuse(refused.id, refused.extra.get(), refused.failure);
  }
  auto& request = queue_.add(std::move(object), services_.rpc_timeout, now);
  counts_.begun(request);
  if (queue_.size() > most_in_flight) {
    on_request_failed(
        request, busy(most_in_flight, "more than 1024 requests in flight; wait for answers"), now);
  } else if (!request.share.try_resize(request.memory_usage())) {
    on_request_failed(request,
                      busy(services_.memory.limit(), "the gateway is at its bound of memory"), now);
  } else if (holds_too_much(request)) {
    on_request_failed(request,
                      busy(services_.memory.limit(),
                           "the gateway is near its bound of memory, and the requests in flight "
                           "here hold more than is left for all; wait for answers"),
                      now);
  } else {
    user_.on_request_moved(now);
  }
}

// Nobody takes the last of it from the others. A single request may be of any size; and while more
// than half is free nobody can hold more than what is left.
bool Requests::holds_too_much(const ClientRequest& besides) const {
  const auto& memory = services_.memory;
  if (memory.left() > memory.limit() / 2) return false;
  std::size_t held = 0;
  for (const auto& request : queue_.all()) {
    if (&request != &besides) held += request.held();
  }
  return held > memory.left();
}

void Requests::refuse(std::string_view id, const Failure& failure) {
  if (closed_) return;
  log_.note(failure);
  counts_.refused(failure);
  replies_.refuse(id, nullptr, failure);
}

bool Requests::begin_next(mtproto::Time now) {
  auto* request = closed_ ? nullptr : queue_.next();
  if (request != nullptr) begin(*request, now);
  return request != nullptr;
}

void Requests::begin(ClientRequest& request, mtproto::Time now) {
  if (auto failure = start(request, now)) on_request_failed(request, std::move(*failure), now);
}

// The state may be asked for by any token, though it may take a call to know it.
std::optional<Failure> Requests::forbidden_step(const tl::Value& step) const {
  if (step.members().empty()) return {};
  const bool signs_out = step.find("sign_out") != nullptr;
  return attributes_.forbidden(signs_out ? "auth.logOut" : "auth.signIn", "/signin");
}

// Of the account that it is for.
bool Requests::needs_key(const AttributePlan& plan) const {
  return plan.named ? plan.named->dead() : attributes_.account().dead();
}

// Until its named account is loaded, or free for a step of sign-in. Then it is read again.
bool Requests::waits_for(const AttributePlan& plan, ClientRequest& request) {
  auto* account = plan.named.get();
  const bool loading =
      account != nullptr && account->state() == named::NamedAccount::State::loading;
  if (!loading && (account == nullptr || !request.request.signin || !account->busy())) return false;
  request.state = State::opening;
  queue_.set_barrier(request);
  account->when_free(deliveries_, [this, number = request.number] {
    on_account_free(number, upstream::boot_time());
  });
  return true;
}

void Requests::on_account_free(std::uint64_t number, mtproto::Time now) {
  auto* request = queue_.find(number);
  if (closed_ || request == nullptr || request->state != State::opening) return;
  queue_.lift_barrier(*request);
  request->state = State::queued;
  begin(*request, now);
  if (!closed_) user_.on_request_moved(now);
}

void Requests::run_step(account::SigninDriver::Step step, ClientRequest& request,
                        mtproto::Time now) {
  queue_.set_barrier(request);
  request.state = State::signing;
  auto& arena = request.arena->memory();
  if (auto* named = attributes_.named()) {
    return named->run_step(std::move(step), *request.request.signin, attributes_.identity(), arena,
                           request.notation, *this, now);
  }
  signin_.driver().run(std::move(step), attributes_.account(), arena, request.notation, *this, now);
}

// Everything is read before anything is done.
std::optional<Failure> Requests::start(ClientRequest& request, mtproto::Time now) {
  auto plan = attributes_.read(request);
  if (!plan) return plan.error();
  if (waits_for(*plan, request)) return {};
  const auto& asked = request.request;
  if (asked.message) {
    auto failure = preparer_->encode(request, *plan, now);
    if (failure || request.state == State::encoding) return failure;
  }
  std::optional<account::SigninDriver::Step> step;
  if (asked.signin) {
    const auto app = attributes_.identity(*plan);
    const bool other = plan->other_account || needs_key(*plan);
    const account::SigninContext context{app.api_id, app.api_hash, attributes_.has_key(*plan),
                                         is_kept(plan->named.get())};
    auto read =
        signin(plan->named.get()).read(*asked.signin, context, other, request.arena->memory());
    if (!read) return read.error();
    step = std::move(*read);
    if (auto refused = forbidden_step(*asked.signin)) return refused;
    step->recaptcha_token = asked.recaptcha_token;
  }
  attributes_.apply(std::move(*plan), now);
  replies_.set_max_message(attributes_.options().max_message);
  // A key that opens nothing is given up by a step of sign-in, and by nothing else.
  if (step && attributes_.account().dead() && !step->is_told_at_once()) attributes_.renew(now);
  if (closed_) return {};  // told what was lost, the connection was closed
  request.notation = attributes_.options().json;
  if (asked.dc && *asked.dc != attributes_.server().dc) request.dc = *asked.dc;
  if (asked.message) {
    preparer_->prepare(request, now);
  } else if (step) {
    run_step(std::move(*step), request, now);
  } else {
    on_request_over(request, {}, now);
  }
  return {};
}

void Requests::on_encoded(ClientRequest& request, mtproto::Time now) {
  begin(request, now);
  user_.on_request_moved(now);
}

void Requests::on_prepared(ClientRequest& request, mtproto::Time now) {
  sender_.send(request, now);
  user_.on_request_moved(now);
}

// --- out ---

void Requests::tick(mtproto::Time now) {
  for (const auto number : queue_.due(now)) {
    auto* request = queue_.find(number);
    if (!closed_ && request != nullptr && request->state != State::finished) expire(*request, now);
  }
}

void Requests::expire(ClientRequest& request, mtproto::Time now) {
  const auto waited = now - request.begun;
  if (request.state == State::signing) {
    auto* named = attributes_.named();
    on_signin_over(named != nullptr ? named->step_late(waited) : signin_.late(waited), now);
  } else if (request.state == State::opening) {
    on_request_failed(request, account_not_there(waited), now);
  } else {
    const bool interrupted = preparer_->cancel(request);
    sender_.on_time(request, interrupted, now);
  }
}

void Requests::on_request_failed(ClientRequest& request, Failure failure, mtproto::Time now) {
  failure.doing.insert(failure.doing.begin(), "serving request " + request.request.id);
  log_.note(failure);
  Outcome outcome;
  outcome.failure = &failure;
  on_request_over(request, outcome, now);
}

void Requests::on_request_over(ClientRequest& request, const Outcome& outcome, mtproto::Time now) {
  if (closed_) return;
  queue_.lift_barrier(request);
  counts_.over(request, outcome);
  drop_arena(std::move(request.arena), services_.runner.pool);
  const bool failed = outcome.failure != nullptr;
  const bool written = replies_.finish(
      request, outcome, failed ? ReplyWriter::Attributes{} : attributes_.texts(request));
  if (closed_) return;
  sender_.send_waiting(now);
  if (written && !closed_) user_.on_request_moved(now);
}

void Requests::on_signin_over(account::SigninOutcome result, mtproto::Time now) {
  auto* request = queue_.barrier();
  if (closed_ || request == nullptr) return;
  if (result.failure) return on_request_failed(*request, std::move(*result.failure), now);
  if (result.answered) user_.on_signin_answered(now);
  Outcome outcome;
  outcome.signin = result.text;
  outcome.answered = result.answered;
  on_request_over(*request, outcome, now);
}

account::Account* Requests::on_signin_moves(mtproto::DcId dc, mtproto::Time now) {
  return user_.on_signin_moves(dc, now);
}

void Requests::on_signed_out() {
  auto* named = attributes_.named();
  named != nullptr ? named->signed_out() : signin_.signed_out();
  attributes_.account().set_user_id({});
}

bool Requests::holds_home() const {
  if (attributes_.account().user_id()) return true;
  if (auto* named = attributes_.named()) {
    return named->signin().done() || named->signin().under_way();
  }
  return signin_.done() || signin_.under_way();
}

void Requests::on_decoded(std::uint64_t number, tl::TextParts& text, const Failure* failure,
                          mtproto::Time now) {
  auto* request = queue_.find(number);
  if (request == nullptr) return;
  if (failure != nullptr) return on_request_failed(*request, *failure, now);
  Outcome outcome;
  outcome.parts = &text;
  outcome.answered = true;
  on_request_over(*request, outcome, now);
}

void Requests::on_kept_answer(std::uint64_t number, tl::Slice body, mtproto::Time now) {
  sender_.on_answer(number, std::move(body), now);
}

// --- the end ---

void Requests::on_account_leaving(const char* why, mtproto::Time now) {
  deliveries_->forget_kept();
  preparer_->on_account_leaving();
  sender_.on_account_leaving(why, now);
}

void Requests::close() {
  closed_ = true;
  if (auto* named = attributes_.named()) named->cancel_step(*this);
  for (const auto& request : queue_.all()) counts_.gone(request);
  replies_.close();
  deliveries_->close();
  preparer_->close();
  sender_.close();
}

}  // namespace server
