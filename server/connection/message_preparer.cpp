#include "server/connection/message_preparer.hpp"

#include <utility>

namespace server {

using State = ClientRequest::State;

void drop_arena(std::unique_ptr<RequestArena> arena, upstream::WorkPool& pool) {
  constexpr std::size_t large = std::size_t{1} << 20;
  if (arena && arena->size() > large) pool.destroy(std::move(arena));
}

// --- into bytes ---

std::optional<Failure> MessagePreparer::encode(ClientRequest& request, const AttributePlan& plan,
                                               mtproto::Time now) {
  const account::PeerNames none;
  auto& names = attributes_.account().names();
  if (!request.encoded) names.expire(now);
  return encode(request, attributes_.options(plan), plan.other_account ? none : names);
}

std::optional<Failure> MessagePreparer::encode(ClientRequest& request,
                                               const ConnectionOptions& options,
                                               const account::PeerNames& names) {
  if (request.large && !request.encoded) return encode_apart(request, options, names);
  if (const auto encoded = std::exchange(request.encoded, nullptr)) {
    return take(request, options, std::move(*encoded));
  }
  const RequestEncoder encoder(attributes_.schemes(), options);
  return take(request, options, encoder.encode(*request.request.message, names, random_, {}));
}

std::optional<Failure> MessagePreparer::take(ClientRequest& request,
                                             const ConnectionOptions& options,
                                             EncodedMessage encoded) {
  auto prepared = RequestEncoder(attributes_.schemes(), options)
                      .prepare(std::move(encoded), request.request.recaptcha_token);
  request.body = std::move(prepared.body);
  if (prepared.encoding) request.encoding = std::move(*prepared.encoding);
  request.send = std::move(prepared.send);
  auto& failure = prepared.failure;
  if (!failure) failure = attributes_.forbidden(request.encoding.innermost->name, "/message/_cons");
  if (!failure && !request.share.try_resize(request.memory_usage())) {
    failure = busy(memory_.limit(), "the gateway is at its bound of memory");
  }
  if (!failure) return {};
  return RequestEncoder::while_encoding(prepared.name, std::move(*failure));
}

// Nothing behind it is begun meanwhile.
std::optional<Failure> MessagePreparer::encode_apart(ClientRequest& request,
                                                     const ConnectionOptions& options,
                                                     const account::PeerNames& names) {
  MemoryShare share(memory_);
  if (!share.try_resize(EncodeWork::room(*request.arena))) {
    return busy(memory_.limit(), "the gateway is at its bound of memory");
  }
  request.state = State::encoding;
  queue_.set_barrier(request);
  auto work = RequestEncoder(attributes_.schemes(), options)
                  .encode_apart(*request.request.message, std::move(request.arena), names,
                                std::move(share));
  auto done = [weak = weak_from_this(), &pool = runner_.pool,
               number = request.number](std::unique_ptr<mtproto::Work> result) {
    const auto self = weak.lock();
    if (self && !self->closed_) {
      self->encoded_apart(number, static_cast<EncodeWork&>(*result), upstream::boot_time());
    } else {
      pool.destroy(std::move(result));
    }
  };
  runner_.run(std::move(work), std::move(done));
  return {};
}

void MessagePreparer::encoded_apart(std::uint64_t number, EncodeWork& work, mtproto::Time now) {
  auto* request = queue_.find(number);
  if (request == nullptr) return drop_arena(work.take_arena(), runner_.pool);
  request->arena = work.take_arena();
  queue_.lift_barrier(*request);
  // Nobody waited for it while it was on the pool.
  queue_.set_deadline(*request, request->deadline);
  user_.on_due();
  request->encoded = work.take_encoded();
  request->state = State::queued;
  if (request->names_asked == 0) return user_.on_encoded(*request, now);
  if (auto failure = encode(*request, attributes_.options(), attributes_.account().names())) {
    return user_.on_request_failed(*request, std::move(*failure), now);
  }
  prepare(*request, now);
}

// --- names ---

void MessagePreparer::prepare(ClientRequest& request, mtproto::Time now) {
  if (!request.encoding.lacking.empty()) return resolve(request, now);
  queue_.lift_barrier(request);
  drop_arena(std::move(request.arena), runner_.pool);
  request.request.message = tl::Value{};  // its value is gone with the arena
  user_.on_prepared(request, now);
}

// One by one, each before the message takes its place.
void MessagePreparer::resolve(ClientRequest& request, mtproto::Time now) {
  request.state = State::resolving;
  queue_.set_barrier(request);
  const auto& lacking = request.encoding.lacking;
  if (++request.names_asked > most_names || lacking.size() > most_names) {
    return user_.on_request_failed(
        request, scheme_error("/message", "more than 64 names in one message"), now);
  }
  auto done = [this, number = request.number](account::PeerResolver::Result result,
                                              mtproto::Time then) {
    named(number, std::move(result), then);
  };
  auto failure =
      names_.resolve(attributes_.account(), lacking.front(), request.number, std::move(done), now);
  if (failure) user_.on_request_failed(request, std::move(*failure), now);
}

void MessagePreparer::named(std::uint64_t number, account::PeerResolver::Result result,
                            mtproto::Time now) {
  auto* request = queue_.find(number);
  if (request == nullptr || request->state != State::resolving) return;
  if (!result.refusal.empty()) {
    Outcome outcome;
    outcome.message = result.refusal;
    outcome.answered = true;
    outcome.refused = true;
    return user_.on_request_over(*request, outcome, now);
  }
  auto& failure = result.failure;
  if (!failure) {
    failure = encode(*request, attributes_.options(), attributes_.account().names());
  }
  if (failure) return user_.on_request_failed(*request, std::move(*failure), now);
  if (request->state != State::encoding) prepare(*request, now);
}

bool MessagePreparer::cancel(const ClientRequest& request) { return names_.cancel(request.number); }

void MessagePreparer::close() {
  closed_ = true;
  names_.cancel_all();
}

}  // namespace server
