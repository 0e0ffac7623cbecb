#include "server/account/signin_driver.hpp"

#include <utility>

#include "server/account/call_failure.hpp"
#include "server/account/recaptcha.hpp"
#include "server/protocol/only_reads.hpp"
#include "server/protocol/protocol.hpp"
#include "tl/json_text.hpp"

namespace server::account {
namespace {

Failure misfit(std::string text) { return {"SchemeError", std::move(text), {}, {}, {}}; }

void write_reason(std::string_view reason, std::string& out) {
  out += ",\"reason\":";
  tl::write_json_string(reason, out);
}

Failure refused(const Refusal& refusal, std::string_view state) {
  Failure failure{refusal.error, refusal.text, {}, {}, {}};
  if (refusal.error != "SigninError") {
    failure.path = "/signin" + refusal.path;
    return failure;
  }
  std::string text;
  tl::write_json_string(state, text);
  failure.more.emplace_back("state", std::move(text));
  if (!refusal.path.empty()) failure.path = "/signin" + refusal.path;
  return failure;
}

}  // namespace

// --- steps ---

tl::Result<SigninDriver::Step, Failure> SigninDriver::read(const tl::Value& step,
                                                           SigninContext context,
                                                           bool other_account, tl::Arena& arena) {
  Step out;
  if (other_account || !machine_) out.fresh = std::make_unique<Signin>(random_);
  const bool known = authorization_known_ && !other_account;
  context.authorized_unknown = context.authorized_unknown && !known;
  auto& machine = out.fresh ? *out.fresh : *machine_;
  out.action = machine.begin(step, context, arena);
  if (const auto* refusal = std::get_if<Refusal>(&out.action)) {
    return refused(*refusal, machine.state());
  }
  return {boost::system::in_place_value, std::move(out)};
}

void SigninDriver::run(Step step, Account& account, tl::Arena& arena, tl::Notation notation,
                       SigninUser& user, mtproto::Time now) {
  if (step.fresh) machine_ = std::move(step.fresh);
  if (!step.is_told_at_once()) gone_reason_.clear();
  step_ = std::make_unique<Running>(
      Running{&arena, &account, &user, notation, ++steps_, step.recaptcha_token});
  apply(std::move(step.action), now);
}

void SigninDriver::refresh(const SigninContext& context, Account& account, tl::Arena& arena,
                           tl::Notation notation, SigninUser& user, mtproto::Time now) {
  run({nullptr, machine_->refresh(context, arena)}, account, arena, notation, user, now);
}

std::optional<std::int64_t> SigninDriver::code_expires() const {
  return machine_ ? machine_->token_expires() : std::nullopt;
}

// What can't be carried out is told later, like everything that comes of a step.
void SigninDriver::apply(Action action, mtproto::Time now) {
  std::optional<Failure> failure;
  if (const auto* to_call = std::get_if<Call>(&action)) {
    failure = call(*to_call, now);
  } else if (const auto* to_move = std::get_if<Move>(&action)) {
    failure = move(*to_move, now);
  } else if (auto* to_compute = std::get_if<Compute>(&action)) {
    compute(std::move(*to_compute));
  } else if (const auto* to_say = std::get_if<Reply>(&action)) {
    reply(*to_say, now);
  } else {
    failure = refused(std::get<Refusal>(action), machine_->state());
  }
  if (failure) fail(std::move(*failure), now);
}

std::optional<Failure> SigninDriver::call(const Call& call, mtproto::Time now) {
  if (call.message.constructor() == "auth.exportLoginToken") scanned_ = false;
  step_->initialised = false;
  tl::Bytes query;
  tl::EncodeOptions how;
  how.random = &random_;
  auto encoded = tl::encode(*step_->account->settings().schema, call.message, how, query);
  if (!encoded) {
    machine_->failed();
    return misfit("this layer does not know the sign-in of today: " + encoded.error().text);
  }
  step_->encoding = std::move(*encoded);
  // What only reads is not what was refused, and a token is good once.
  const auto* method = step_->encoding.innermost;
  const bool vouched = !step_->recaptcha_token.empty() && method && !only_reads(method->name);
  tl::Bytes body = vouched ? recaptcha_prefix(step_->recaptcha_token) : tl::Bytes();
  tl::append(body, query);
  step_->body = std::move(body);
  return send(now);
}

std::optional<Failure> SigninDriver::send(mtproto::Time now) {
  mtproto::SendOptions options;
  options.repeat = mtproto::Repeat::ask;
  const auto reach = step_->account->calls().call(home_dc, step_->body, std::move(options), *this,
                                                  step_->number, now, step_->call);
  if (reach == CallTable::Reach::there) return {};
  machine_->failed();
  return no_way_to(step_->account->connections(), home_dc, reach);
}

std::optional<Failure> SigninDriver::move(const Move& move, mtproto::Time now) {
  auto* there = step_->user->on_signin_moves(move.dc, now);
  if (!under_way()) return {};  // what was in flight was told, and the client has gone
  if (there != nullptr && there->open()) {
    step_->account = there;
    step_->moving = true;
    return {};
  }
  machine_->failed();
  const auto number = std::to_string(move.dc.value());
  return connection_error(move.dc.value(), "unknown data centre",
                          "no address of data centre " + number + " is known");
}

void SigninDriver::compute(Compute compute) {
  auto done = [weak = weak_from_this(),
               step = step_->number](std::unique_ptr<mtproto::Work> result) {
    const auto self = weak.lock();
    if (!self || !self->under_way() || self->step_->number != step) return;
    self->apply(self->machine_->done(std::move(result), *self->step_->arena),
                upstream::boot_time());
  };
  runner_.run(std::move(compute.work), std::move(done));
}

void SigninDriver::reply(const Reply& reply, mtproto::Time now) {
  authorization_known_ = true;
  SigninOutcome out;
  out.text = text(reply.signin);
  out.answered = true;
  out.refused = !reply.signin["error"].is_null();
  if (done()) {
    step_->account->signed_in(machine_->user_id(), now);
  } else {
    step_->account->set_user_id(machine_->user_id());
  }
  if (under_way()) over(std::move(out), now);  // it may have been told something, and have gone
}

// TL objects in it are written in the connection's notation, the rest is JSON already.
std::string SigninDriver::text(const tl::Value& signin) const {
  const auto& schema = *step_->account->settings().schema;
  std::string out = "{";
  for (const auto& [key, value] : signin.members()) {
    if (out.size() > 1) out += ',';
    tl::write_json_string(key, out);
    out += ':';
    const bool tl_object =
        (key == "user" || key == "object" || key == "terms" || key == "reset_password") &&
        !value.constructor().empty();
    tl::Bytes bytes;
    if (tl_object && tl::encode(schema, value, {}, bytes)) {
      tl::decode_text(schema, tl::any_object, bytes, step_->notation, out);
    } else {
      tl::write_json(value, out);
    }
  }
  if (!gone_reason_.empty()) write_reason(gone_reason_, out);
  return out + '}';
}

std::string SigninDriver::state_text() const {
  std::string out = "{\"state\":";
  tl::write_json_string(state(), out);
  if (!gone_reason_.empty()) write_reason(gone_reason_, out);
  return out + '}';
}

// --- what comes ---

void SigninDriver::on_outcome(std::uint64_t step, CallOutcome outcome, mtproto::Time now) {
  if (!under_way() || step != step_->number) return;
  step_->call.reset();
  if (const auto* body = std::get_if<tl::Slice>(&outcome)) return answered(*body, now);
  machine_->failed();
  fail(call_failure(step_->account->connections(), home_dc, outcome), now);
}

void SigninDriver::answered(tl::ByteView body, mtproto::Time now) {
  const auto error = rpc_error(body);
  if (error && wants_init(*error) && !std::exchange(step_->initialised, true)) {
    step_->account->initialise(home_dc);
    if (auto failure = send(now)) fail(std::move(*failure), now);
    return;
  }
  // The views in the value are of `body`: it must live as long as the step.
  const auto kept = tl::Builder(*step_->arena).bytes(body);
  const auto& schema = *step_->account->settings().schema;
  auto value = tl::decode_value(schema, step_->encoding.result, kept.as_bytes(), *step_->arena);
  if (!value) value = tl::decode_value(schema, tl::any_object, kept.as_bytes(), *step_->arena);
  if (!value) {
    machine_->failed();
    return fail(misfit("Telegram's answer can't be read in this layer: " + value.error().text),
                now);
  }
  step_->account->note_refusal(error ? &*error : nullptr, step_->encoding.innermost);
  apply(machine_->answered(*value, *step_->arena), now);
}

void SigninDriver::on_dc(const DcChange& change, mtproto::Time now) {
  if (change.dc != home_dc || !under_way()) return;
  step_->unreached = step_->unreached || change.failure;
  if (!step_->moving) return;
  if (change.state == DcChange::State::ready) {
    step_->moving = false;
    apply(machine_->moved(*step_->arena), now);
  } else if (change.failure) {
    machine_->failed();
    fail(unreachable(step_->account->connections(), home_dc, *change.failure), now);
  }
}

void SigninDriver::over(SigninOutcome outcome, mtproto::Time now) {
  const auto step = forget_step();
  step->user->on_signin_over(std::move(outcome), now);
}

void SigninDriver::fail(Failure failure, mtproto::Time now) {
  SigninOutcome out;
  out.failure = std::move(failure);
  over(std::move(out), now);
}

SigninOutcome SigninDriver::late(mtproto::Duration waited) {
  SigninOutcome out;
  const auto& connections = step_->account->connections();
  const auto* last = connections.last_failure(home_dc);
  const bool interrupted = step_->call && step_->account->calls().interrupted(*step_->call);
  const bool reads =
      step_->encoding.innermost != nullptr && only_reads(step_->encoding.innermost->name);
  machine_->failed();
  if (interrupted && !reads) {
    const auto why = last != nullptr ? last->reason : std::string("no answer in time");
    out.failure = outcome_unknown("the connection to Telegram was lost (" + why +
                                  ") before there was an answer");
  } else if (step_->unreached && last != nullptr && !connections.ready(home_dc)) {
    out.failure = unreachable(connections, home_dc, *last);
  } else {
    out.text = "{\"state\":";
    tl::write_json_string(machine_->state(), out.text);
    out.text += ",\"error\":" + rpc_timeout(waited) + "}";
  }
  forget_step();
  return out;
}

void SigninDriver::reset() {
  if (machine_) machine_->reset();
  authorization_known_ = false;
  gone_reason_.clear();
}

void SigninDriver::signed_out() {
  if (machine_ && machine_->state() != "done") return;
  if (machine_) machine_->reset();
  authorization_known_ = false;
}

void SigninDriver::key_gone(std::string reason) {
  if (!under_way()) reset();
  gone_reason_ = std::move(reason);
}

void SigninDriver::close() { forget_step(); }

std::unique_ptr<SigninDriver::Running> SigninDriver::forget_step() {
  if (step_ && step_->call) step_->account->calls().forget(*this);
  return std::exchange(step_, nullptr);
}

}  // namespace server::account
