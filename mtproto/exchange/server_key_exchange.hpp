// The server's half of the key exchange. Anything wrong or unexpected is one uniform error, to
// be answered with −404 (a wrong dc: −444); then it starts anew. An identical repeat of a
// request gets the identical answer for ten minutes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "mtproto/crypto/rsa.hpp"
#include "mtproto/errc.hpp"
#include "mtproto/exchange/key_exchange.hpp"
#include "mtproto/work.hpp"
#include "tl/random.hpp"
#include "tl/result.hpp"

namespace mtproto {

struct ServerExchangeOptions {
  std::vector<RsaPrivateKey> keys;
  std::int32_t dc = 2;  // what an inner data with a dc must name (the sign of media is ignored) …
  std::optional<bool> test = false;  // … plus 10000 where true; none: either
  // Whether a key of this id exists (then dh_gen_retry). May be empty.
  std::function<bool(AuthKeyId)> taken{};
};

class ServerKeyExchange {
 public:
  ServerKeyExchange(ServerExchangeOptions, tl::Random&);
  ~ServerKeyExchange();

  // `wall` is what server_time says.
  tl::Result<void> receive(ByteView body, Time now, UnixTime wall);
  WorkList take_work();
  tl::Result<void> done(std::unique_ptr<Work>, Time now);
  std::optional<Bytes> take_output();
  std::optional<FreshKey> take_key();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mtproto
