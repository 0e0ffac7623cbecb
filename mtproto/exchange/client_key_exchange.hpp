// The client's half of the key exchange: req_pq_multi → req_DH_params → set_client_DH_params.
// Bodies in and out (the 20-byte head of unencrypted messages is the caller's); what is slow
// comes out as Work. Every check of core.telegram.org/mtproto/security_guidelines refuses by its
// own errc; after an error the object is of no more use.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "mtproto/crypto/rsa.hpp"
#include "mtproto/errc.hpp"
#include "mtproto/exchange/key_exchange.hpp"
#include "mtproto/work.hpp"
#include "tl/random.hpp"
#include "tl/result.hpp"

namespace mtproto {

struct ClientExchangeOptions {
  std::vector<RsaPublicKey> keys;
  std::int32_t dc = 2;  // as it goes into the inner data: +10000 for test, negative for media
  std::optional<std::int32_t> expires_in{};  // seconds: a temporary key
  bool legacy_inner_data = false;  // p_q_inner_data without dc: only to replay recordings in tests
};

class ClientKeyExchange {
 public:
  ClientKeyExchange(ClientExchangeOptions, tl::Random&);
  ~ClientKeyExchange();

  // Queues req_pq_multi.
  void start();
  // One body from the server.
  tl::Result<void> receive(ByteView body, Time now);
  // Slow steps. done() takes back what take_work() gave.
  WorkList take_work();
  tl::Result<void> done(std::unique_ptr<Work>, Time now);
  // The next body to send, if any.
  std::optional<Bytes> take_output();
  // The key, once the server confirmed it. At most once.
  std::optional<FreshKey> take_key();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mtproto
