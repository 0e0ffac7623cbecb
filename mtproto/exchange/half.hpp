// What both halves of the key exchange stand on: the nonces that every message repeats, slow steps
// handed out one at a time, and what is to be taken away. Owned by the State of either half, which
// adds its own messages and checks. core.telegram.org/mtproto/auth_key
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "mtproto/crypto/secret.hpp"
#include "mtproto/exchange/derived.hpp"
#include "mtproto/exchange/key_exchange.hpp"
#include "mtproto/exchange/messages.hpp"
#include "mtproto/exchange/steps.hpp"

namespace mtproto {

// dh_gen_retry is said, and obeyed, so often.
inline constexpr int most_retries = 5;

// `Awaiting` is an enum of what a half may wait for.
template <class Awaiting>
struct ExchangeHalf {
  ExchangeHalf(tl::Random& source, Awaiting first) : random(source), awaiting(first) {}

  tl::Random& random;
  Awaiting awaiting;
  std::uint64_t turn = 0;

  Nonce nonce{};
  Nonce server_nonce{};
  NewNonce new_nonce;
  Bytes pq;
  TmpAes tmp;
  std::array<std::uint8_t, 8> retry_id{};
  int retries = 0;

  WorkList work;
  std::optional<Bytes> output;
  std::optional<FreshKey> fresh;

  template <class Step>
  void hand_out(std::unique_ptr<Step> step, Awaiting result) {
    step->turn = ++turn;
    work.push_back(std::move(step));
    awaiting = result;
  }
  // A step of a turn that is over: its result is dropped.
  bool outdated(const Work* finished) const {
    const auto* step = dynamic_cast<const ExchangeStep*>(finished);
    return step != nullptr && step->turn != turn;
  }
  // The finished step, where it is of this kind and waited for.
  template <class Step>
  const Step* finished_as(const Work* finished, Awaiting result) const {
    return awaiting == result ? dynamic_cast<const Step*>(finished) : nullptr;
  }

  template <class Message>
  tl::Result<void> check_nonces(const Message& message) const {
    if (!same_secret(message.nonce, nonce)) return make_error_code(errc::wrong_nonce);
    if (!same_secret(message.server_nonce, server_nonce)) {
      return make_error_code(errc::wrong_server_nonce);
    }
    return {};
  }
  // A message with the nonces of this exchange.
  template <class Message>
  tl::Result<Message> read(tl::Reader& in) const {
    auto message = Message::read(in);
    if (!in) return make_error_code(errc::exchange_malformed);
    if (auto same = check_nonces(message); !same) return same.error();
    return message;
  }
  // The same of what stood encrypted in one. Its views point into `plain`.
  template <class Inner>
  tl::Result<Inner> read_inner(const SecretBytes& plain) const {
    auto inner = read_unsealed<Inner>(plain.bytes());
    if (!inner) return inner.error();
    if (auto same = check_nonces(*inner); !same) return same.error();
    return inner;
  }

  // Secrets go as soon as they are of no more use.
  void forget(Awaiting next) {
    awaiting = next;
    ++turn;
    new_nonce = {};
    tmp = {};
    work.clear();
    retry_id = {};
    retries = 0;
  }
};

}  // namespace mtproto
