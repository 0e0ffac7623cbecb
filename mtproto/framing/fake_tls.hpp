// The feigned TLS handshake with an MTProxy, both halves: bytes in, bytes out. Once it is over the
// stream travels in tls_records.hpp's records.
#pragma once

#include <utility>

#include "mtproto/framing/tls_hello.hpp"

namespace mtproto {

class FakeTlsClient {
 public:
  FakeTlsClient(ProxySecret, UnixTime now, tl::Random&);
  // What to say first.
  ByteView hello() const { return hello_; }
  // True once the proxy has proven that it knows the secret. It may not say more by then.
  tl::Result<bool> receive(ByteView bytes);

 private:
  tl::Result<bool> end() const;

  ProxySecret secret_;
  Bytes hello_;
  Bytes answer_;
  std::size_t seen_ = 0;     // of the answer, in whole records
  unsigned handshakes_ = 0;  // records of that type
  bool changed_ = false;
};

class FakeTlsServer {
 public:
  FakeTlsServer(ProxySecret secret, tl::Random& random)
      : secret_(std::move(secret)), random_(random) {}
  // True once the hello was whole; then `out` has the answer, and rest() what came after it.
  tl::Result<bool> receive(ByteView bytes, UnixTime now, Bytes& out);
  Bytes take_rest() { return std::exchange(received_, {}); }

 private:
  ProxySecret secret_;
  tl::Random& random_;
  Bytes received_;
};

}  // namespace mtproto
