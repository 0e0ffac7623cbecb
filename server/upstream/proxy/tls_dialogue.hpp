// The handshake that an MTProxy wants whose secret begins with ee.
#pragma once

#include "mtproto/errc.hpp"
#include "mtproto/framing/fake_tls.hpp"
#include "server/upstream/proxy/dialogue.hpp"
#include "server/upstream/proxy/proxy_errc.hpp"

namespace server::upstream {

class TlsDialogue final : public Dialogue {
 public:
  TlsDialogue(mtproto::ProxySecret secret, mtproto::UnixTime now, tl::Random& random)
      : client_(std::move(secret), now, random) {}

  tl::Result<void> begin(tl::Bytes& out) override {
    tl::append(out, client_.hello());
    return {};
  }
  tl::Result<bool> receive(tl::ByteView bytes, tl::Bytes&) override {
    auto done = client_.receive(bytes);
    if (done) return *done;
    const bool proof = done.error() == mtproto::errc::wrong_proxy_secret;
    return failed(proof ? proxy_errc::no_proof : proxy_errc::not_tls);
  }

 private:
  mtproto::FakeTlsClient client_;
};

}  // namespace server::upstream
