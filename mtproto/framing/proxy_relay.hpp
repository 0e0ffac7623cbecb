// An MTProxy's own work between a client and a data centre: what the client says is undone of the
// secret (feigned TLS first, where the secret has it, then obfuscation) and goes on as one of the
// plain framings; answers the other way round.
//
//   client ⇄ [records of TLS] ⇄ obfuscated2 with the key ⇄ | ProxyRelay | ⇄ tag, frames ⇄ dc
#pragma once

#include <memory>
#include <optional>

#include "mtproto/framing/proxy_secret.hpp"
#include "mtproto/ids.hpp"
#include "mtproto/time.hpp"
#include "tl/random.hpp"

namespace mtproto {

class ProxyRelay {
 public:
  // Random outlives it.
  ProxyRelay(ProxySecret, tl::Random&);
  ~ProxyRelay();

  // Appends to what goes on, and to what goes back. An error: this client does not know the
  // secret, or does not speak MTProto.
  tl::Result<void> from_client(ByteView bytes, UnixTime now, Bytes& to_server, Bytes& to_client);
  // Only once there is a data centre.
  void from_server(ByteView bytes, Bytes& to_client);

  // Which one the client wants, once it has said so. Its number is not to be trusted.
  struct Wish {
    std::int32_t dc = 0;
    bool test = false;
    bool media = false;
  };
  std::optional<Wish> wish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mtproto
