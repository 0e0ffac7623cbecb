#include "server/http/api_call.hpp"

#include "server/gateway/gateway.hpp"
#include "server/http/api_query.hpp"
#include "server/logs/verbose.hpp"
#include "server/protocol/api_reply.hpp"
#include "server/protocol/only_reads.hpp"

namespace server::http {

ApiCall::ApiCall(ThreadState& thread, ApiUser& user, ApiConnection& connection,
                 const Caller& caller, ApiTarget target)
    : thread_(thread),
      user_(user),
      target_(std::move(target)),
      envelope_(std::make_shared<const ApiEnvelope>(target_)),
      reader_(*this, thread.gateway.memory, work_of(thread), thread.gateway.options.max_line),
      connection_(connection) {
  setup_.number = caller.number;
  setup_.scope = caller.scope;
  setup_.json = tl::Notation::plain;
  setup_.shape = ReplyShape::api;
  setup_.stateless = true;
  reader_.set_envelope(envelope_);
  const bool keyed = !target_.key.empty() && target_.method != nullptr;
  if (keyed && !only_reads(target_.method->name)) body_.emplace();
}

void ApiCall::feed(std::string_view body) {
  if (body_) body_->add(tl::as_bytes(body));
  reader_.feed(body);
}

void ApiCall::end() {
  if (over_) return;
  if (reader_.finish() == channel::ObjectReader::Outcome::nothing) post("{}");
}

void ApiCall::post(std::string_view arguments) {
  reader_.feed(arguments);
  reader_.finish();
}

void ApiCall::ask(std::string_view query) {
  auto& meter = thread_.gateway.memory;
  auto arena = std::make_unique<RequestArena>(meter);
  const auto& schema = *target_.schemes->first().schema;
  auto whole = target_.method == nullptr
                   ? tl::Result<tl::Value, Failure>(tl::Value::object({}))
                   : read_query(query, schema, *target_.method, arena->memory());
  if (whole) whole = envelope_->around(*whole, arena->memory());
  if (!whole) return on_failure({}, whole.error(), query.size());
  auto request = read_request(*whole);
  on_object(Incoming{std::move(arena), *whole, std::move(request), MemoryShare(meter), false});
}

void ApiCall::on_object(Incoming&& object) {
  if (over_) return;
  if (auto* const keyed_home = thread_of_keyed_call()) {
    return carry_out_keyed(*keyed_home, std::move(object));
  }
  auto* const home = object.request ? thread_of_account(thread_.gateway, *object.request) : nullptr;
  asked_ = true;
  connection_.call(
      {home != nullptr ? home : &thread_, target_.account, target_.schemes, setup_.scope}, setup_,
      std::move(object), static_cast<RemoteUser&>(*this));
}

void ApiCall::close() {
  over_ = true;
  if (std::exchange(asked_, false)) connection_.give_up();
  keyed_.reset();
}

void ApiCall::on_reset(std::string why) {
  asked_ = false;
  user_.on_reset(std::move(why));
}

// Where it is to be carried out once; none: it came without a key that counts. What the token does
// not allow is refused as ever, without a look at what others were answered.
ThreadState* ApiCall::thread_of_keyed_call() const {
  if (!body_ || !thread_.gateway.store) return nullptr;
  const auto* scope = setup_.scope.get();
  const bool refused = scope != nullptr && (!scope->allows_account(target_.account) ||
                                            !scope->forbids(target_.method->name).empty());
  return refused ? nullptr : thread_of_account(thread_.gateway, target_.account);
}

// It is carried out to its end, whatever becomes of the client.
void ApiCall::carry_out_keyed(ThreadState& home, Incoming&& object) {
  KeyedCall call{target_.account, std::string(target_.method->name), target_.key, body_->end(),
                 envelope_->draws()};
  keyed_ = std::make_unique<KeyedRequest>(thread_, home, static_cast<KeyedUser&>(*this),
                                          std::move(call), std::move(object), setup_);
}

void ApiCall::on_failure(std::string_view, const Failure& failure, std::size_t bytes) {
  const auto& options = thread_.gateway.options;
  if (options.verbose) logs::copy_length(setup_.number, logs::Direction::in, bytes);
  thread_.counters.outcome(failure.error);
  const ApiStatus status{status_of_failure(failure.error), {}};
  LongText text;
  text += api_refusal(status.code, failure, options.send_tracebacks);
  reply(status, std::move(text));
}

void ApiCall::on_reply(LongText object, ObjectNote note, std::size_t) {
  asked_ = false;
  reply(note.status, std::move(object));
}

void ApiCall::reply(ApiStatus status, LongText text) {
  if (!std::exchange(over_, true)) user_.on_api_reply(status, std::move(text));
}

}  // namespace server::http
