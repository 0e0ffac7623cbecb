// A client's socket that never waits, plain or with TLS inside.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace bench {

class Stream {
 public:
  Stream(std::uint16_t port, SSL_CTX* tls);  // of 127.0.0.1; throws where nobody listens
  Stream(Stream&&) = delete;
  ~Stream();

  int descriptor() const { return descriptor_; }
  bool is_tls() const { return tls_ != nullptr; }
  // How many bytes went through; 0: none at the moment. Throws at the end and at an error.
  std::size_t read(std::span<char> into);
  std::size_t write(std::string_view bytes);

 private:
  std::size_t tls_result(int done);

  struct Free {
    void operator()(SSL* tls) const { SSL_free(tls); }
  };
  int descriptor_;
  std::unique_ptr<SSL, Free> tls_;
};

}  // namespace bench
