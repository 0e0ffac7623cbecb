#include "server/signin_cli/socket.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <new>
#include <system_error>

namespace server {

namespace {

namespace asio = boost::asio;

std::string where(const CliOptions& options) {
  if (options.unix_path) return *options.unix_path;
  return options.host + " port " + std::to_string(options.port);
}

template <class T>
T* need(T* object) {
  if (object == nullptr) throw std::bad_alloc();
  return object;
}

// Who is expected there: a name, which goes into the hello too, or an address.
void expect(SSL* tls, const std::string& host) {
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str()) == 1) return;
  SSL_set1_host(tls, host.c_str());
  // What SSL_set_tlsext_host_name() stands for, without its old-style cast.
  SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           const_cast<char*>(host.c_str()));
}

std::string tls_failure(const SSL* tls, int status, int system_error) {
  const auto verdict = SSL_get_verify_result(tls);
  if (verdict != X509_V_OK) {
    return std::string("its certificate is not trusted: ") + X509_verify_cert_error_string(verdict);
  }
  if (const auto code = ERR_get_error(); code != 0) {
    const auto* reason = ERR_reason_error_string(code);
    return reason == nullptr ? "the handshake failed" : reason;
  }
  if (status == 0 || system_error == 0) return "it hung up; has it a certificate (--tls-cert)?";
  return std::generic_category().message(system_error);
}

}  // namespace

CliSocket::CliSocket(const CliOptions& options) : socket_(context_) {
  if (const auto why = connect(options)) {
    error_ = "no streamjson at " + where(options) + ": " + why.message() + ". Is it running?";
    return;
  }
  if (options.tls) start_tls(options);
}

boost::system::error_code CliSocket::connect(const CliOptions& options) {
  boost::system::error_code why;
  if (options.unix_path) {
    socket_.connect(asio::local::stream_protocol::endpoint(*options.unix_path), why);
    return why;
  }
  asio::ip::tcp::resolver resolver(context_);
  const auto found = resolver.resolve(options.host, std::to_string(options.port), why);
  for (const auto& entry : found) {
    boost::system::error_code ignored;
    socket_.close(ignored);
    socket_.connect(entry.endpoint(), why);
    if (!why) break;
  }
  return why;
}

void CliSocket::start_tls(const CliOptions& options) {
  tls_context_.reset(need(SSL_CTX_new(TLS_client_method())));
  SSL_CTX_set_min_proto_version(tls_context_.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(tls_context_.get(), SSL_VERIFY_PEER, nullptr);
  // A peer that just hangs up has ended the connection; a line is whole or is none.
  SSL_CTX_set_options(tls_context_.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  if (!options.tls_ca) {
    SSL_CTX_set_default_verify_paths(tls_context_.get());
  } else if (SSL_CTX_load_verify_file(tls_context_.get(), options.tls_ca->c_str()) != 1) {
    error_ = "--tls-ca: " + *options.tls_ca + ": no certificate in PEM can be read there";
    return;
  }
  tls_.reset(need(SSL_new(tls_context_.get())));
  expect(tls_.get(), options.host);
  SSL_set_fd(tls_.get(), socket_.native_handle());
  ERR_clear_error();
  errno = 0;
  const int status = SSL_connect(tls_.get());
  if (status == 1) return;
  error_ = "no TLS with " + where(options) + ": " + tls_failure(tls_.get(), status, errno);
}

std::size_t CliSocket::write(std::string_view bytes) {
  boost::system::error_code why;
  if (!tls_) return socket_.write_some(asio::buffer(bytes), why);
  std::size_t size = 0;
  return SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &size) == 1 ? size : 0;
}

std::size_t CliSocket::read(std::span<char> room) {
  boost::system::error_code why;
  if (!tls_) return socket_.read_some(asio::buffer(room.data(), room.size()), why);
  std::size_t size = 0;
  return SSL_read_ex(tls_.get(), room.data(), room.size(), &size) == 1 ? size : 0;
}

bool CliSocket::send(const std::string& line) {
  for (std::string_view part : {std::string_view(line), std::string_view("\n")}) {
    while (!part.empty()) {
      const auto size = write(part);
      if (size == 0) return false;
      part.remove_prefix(size);
    }
  }
  return true;
}

std::optional<std::string> CliSocket::receive() {
  constexpr std::size_t most = std::size_t{16} << 20;
  std::array<char, 16384> room;
  for (std::size_t seen = 0;;) {
    const auto end = received_.find('\n', seen);
    if (end != received_.npos) {
      auto line = received_.substr(0, end);
      received_.erase(0, end + 1);
      return line;
    }
    seen = received_.size();
    const auto size = seen < most ? read(room) : 0;
    if (size == 0) return std::nullopt;
    received_.append(room.data(), size);
  }
}

}  // namespace server
