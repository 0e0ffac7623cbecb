#include "server/connection/deliveries.hpp"

#include <utility>

namespace server {

using account::Received;

void Deliveries::keep(std::uint64_t number, tl::Slice body) {
  Received received(memory_, number, std::move(body));
  decoder_.keep(received);
}

void Deliveries::decode(const ClientRequest& request, tl::Slice answer) {
  const auto due = request.send.api ? request.encoding.result : tl::any_object;
  auto done = [this, number = request.number](tl::TextParts& text, const Failure* failure) {
    if (!closed_) user_.on_decoded(number, text, failure, upstream::boot_time());
  };
  decoder_.decode_text(owner(), attributes_.scheme().schema, due, request.notation,
                       {memory_, request.number, std::move(answer)}, std::move(done),
                       &replies_.given());
}

void Deliveries::push(tl::Slice body) {
  if (!ready() || account::AnswerDecoder::is_large(body)) {
    return write_apart({memory_, 0, std::move(body)});
  }
  write(body, {});
}

void Deliveries::push_update(std::int64_t update_seq, tl::ByteView body) {
  if (ready()) return write(body, update_seq);
  Received received(memory_, 0, tl::Bytes(body.begin(), body.end()));
  received.update_seq = update_seq;
  decoder_.keep(received);
}

// In the layer that it came in. In plain it is made once for all.
void Deliveries::push_logged(const named::JournalEntry& entry) {
  const auto* scheme = attributes_.schemes().find(static_cast<int>(entry.layer()));
  const auto* schema = scheme != nullptr ? scheme->schema.get() : nullptr;
  const auto notation = attributes_.options().json;
  if (notation == tl::Notation::plain || schema == nullptr) {
    return replies_.push_logged(*entry.plain(schema), entry.number());
  }
  const auto failure = replies_.push(*schema, notation, entry.body(), entry.number());
  if (failure) user_.on_undeliverable(*failure);
}

void Deliveries::write(tl::ByteView body, std::optional<std::int64_t> update_seq) {
  const auto failure =
      replies_.push(*attributes_.scheme().schema, attributes_.options().json, body, update_seq);
  if (failure) user_.on_undeliverable(*failure);
}

void Deliveries::write_apart(Received received) {
  if (decoder_.keep(received)) return;
  auto done = [this](tl::TextParts& text, const Failure* failure) {
    if (closed_) return;
    failure != nullptr ? user_.on_undeliverable(*failure) : replies_.push(std::move(text));
  };
  decoder_.decode_text(owner(), attributes_.scheme().schema, tl::any_object,
                       attributes_.options().json, std::move(received), std::move(done),
                       &replies_.given());
}

account::AnswerDecoder::Owner Deliveries::owner() {
  return {runner_, weak_from_this(), [this] { resume(); }};
}

void Deliveries::resume() {
  while (!closed_) {
    auto next = decoder_.next();
    if (!next) return;
    if (next->call != 0) {
      user_.on_kept_answer(next->call, std::move(next->body), upstream::boot_time());
    } else if (next->update_seq) {
      write(next->body, next->update_seq);
    } else {
      push(std::move(next->body));
    }
  }
}

}  // namespace server
