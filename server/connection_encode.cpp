// A client's message into bytes, here or, where it is large, on the pool.
#include "server/connection.hpp"
#include "server/connection/request_encoder.hpp"

namespace server {

std::optional<Failure> Connection::encode(Exchange& exchange, const ConnectionOptions& options,
                                          const tl::PeerBook& peers) {
  const RequestEncoder encoder(*schemes_, options);
  return take_encoded(
      exchange, options,
      encoder.encode(*exchange.request.message, peers, random_, std::move(exchange.body)));
}

std::optional<Failure> Connection::take_encoded(Exchange& exchange,
                                                const ConnectionOptions& options,
                                                EncodedMessage encoded) {
  auto prepared = RequestEncoder(*schemes_, options).prepare(std::move(encoded));
  exchange.body = std::move(prepared.body);
  if (prepared.encoding) exchange.encoding = std::move(*prepared.encoding);
  exchange.send = std::move(prepared.send);
  auto& failure = prepared.failure;
  if (!failure && !exchange.share.try_resize(exchange.weight())) {
    failure = busy(gateway_.memory.limit(), "the gateway is at its bound of memory");
  }
  if (!failure) return {};
  return RequestEncoder::while_encoding(prepared.name, std::move(*failure));
}

// Nothing behind it is begun meanwhile.
std::optional<Failure> Connection::encode_apart(Exchange& exchange,
                                                const ConnectionOptions& options,
                                                const account::PeerNames& names) {
  MemoryShare share(gateway_.memory);
  if (!share.try_resize(EncodeWork::room(*exchange.arena))) {
    return busy(gateway_.memory.limit(), "the gateway is at its bound of memory");
  }
  exchange.state = Exchange::State::encoding;
  queue_.set_barrier(exchange);
  auto work = RequestEncoder(*schemes_, options)
                  .encode_apart(*exchange.request.message, std::move(exchange.arena), names,
                                std::move(share));
  auto done = [weak = weak_from_this(), &pool = gateway_.pool,
               number = exchange.number](std::unique_ptr<mtproto::Work> result) {
    const auto self = weak.lock();
    if (self && !self->closed_) {
      self->encoded_apart(number, static_cast<EncodeWork&>(*result));
    } else {
      pool.destroy(std::move(result));
    }
  };
  gateway_.pool.run(std::move(work), executor_, std::move(done));
  return {};
}

void Connection::encoded_apart(std::uint64_t number, EncodeWork& work) {
  auto* exchange = find(number);
  if (exchange == nullptr) return drop(work.take_arena());
  exchange->arena = work.take_arena();
  queue_.lift_barrier(*exchange);
  // Nobody waited for it while it was on the pool.
  queue_.set_deadline(*exchange, exchange->deadline);
  sink_.wake();
  const auto encoded = work.take_encoded();
  if (exchange->names_asked == 0) {
    exchange->encoded = std::make_unique<EncodedMessage>(std::move(*encoded));
    exchange->state = Exchange::State::queued;
    begin(*exchange);
  } else if (auto failure = take_encoded(*exchange, options_, std::move(*encoded))) {
    fail(*exchange, std::move(*failure));
  } else {
    named(*exchange);
  }
  if (!closed_) advance();
}

}  // namespace server
