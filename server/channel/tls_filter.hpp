// The server's half of TLS between a socket and what is spoken inside: bytes in, bytes out, no
// socket. OpenSSL reads what is being fed where it lies, and writes to a string that holds nothing
// at rest: its own buffers in memory (BIO_s_mem) keep the room of what was largest.
#pragma once

#include <openssl/types.h>

#include <functional>
#include <string>

#include "tl/bytes.hpp"

namespace server::channel {

class TlsFilter {
 public:
  enum class State : std::uint8_t {
    shaking,  // hands
    open,
    ended,  // the peer said that it sends no more
    failed,
  };
  // The most that seal() takes at a time.
  static constexpr std::size_t piece = std::size_t{16} << 10;

  explicit TlsFilter(SSL_CTX& context);
  ~TlsFilter();
  TlsFilter(const TlsFilter&) = delete;
  TlsFilter& operator=(const TlsFilter&) = delete;

  // What came from the socket; `plain` is given what was in it, piece by piece.
  void feed(tl::ByteView bytes, const std::function<void(tl::ByteView)>& plain);
  // What is to go out, once open. At most `piece` bytes are taken: how many.
  std::size_t seal(tl::ByteView plain);
  // Says that nothing more will be sent.
  void shut();
  // Appends what the socket is to write.
  void take_output(std::string& out);

  State state() const { return state_; }
  // Bytes of memory that it takes, OpenSSL's own with them, more or less.
  std::size_t held() const;

 private:
  struct Bio;

  void step(const std::function<void(tl::ByteView)>& plain);
  void failed(int result);

  SSL* ssl_;         // holds on to its context
  tl::ByteView in_;  // of what is being fed: not read yet
  std::string out_;
  State state_ = State::shaking;
};

}  // namespace server::channel
