#include "tests/bench/load/stream.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace bench {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::size_t result(ssize_t done, const char* what) {
  if (done > 0) return static_cast<std::size_t>(done);
  if (done == 0) throw std::runtime_error("the other side hung up");
  if (errno == EAGAIN || errno == EINTR) return 0;
  fail(what);
}

}  // namespace

Stream::Stream(std::uint16_t port, SSL_CTX* tls)
    : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (descriptor_ < 0) fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* any = reinterpret_cast<const sockaddr*>(&address);
  if (connect(descriptor_, any, sizeof address) != 0) {
    const int why = errno;
    close(descriptor_);
    errno = why;
    fail("connect");
  }
  const int on = 1;
  setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(descriptor_, F_SETFL, O_NONBLOCK);
  if (tls) {
    tls_.reset(SSL_new(tls));
    SSL_set_fd(tls_.get(), descriptor_);
    SSL_set_connect_state(tls_.get());
  }
}

Stream::~Stream() { close(descriptor_); }

std::size_t Stream::read(std::span<char> into) {
  if (tls_) return tls_result(SSL_read(tls_.get(), into.data(), static_cast<int>(into.size())));
  return result(::read(descriptor_, into.data(), into.size()), "read");
}

std::size_t Stream::write(std::string_view bytes) {
  if (tls_) return tls_result(SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())));
  return result(send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL), "write");
}

std::size_t Stream::tls_result(int done) {
  if (done > 0) return static_cast<std::size_t>(done);
  const int why = SSL_get_error(tls_.get(), done);
  if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return 0;
  throw std::runtime_error("the TLS connection broke");
}

}  // namespace bench
