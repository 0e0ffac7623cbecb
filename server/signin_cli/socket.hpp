// signin-cli's way to streamjson: TCP or a socket file, with TLS around it where it is asked for.
// It waits for each line; there is nothing else to do.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "server/signin_cli/dialogue.hpp"
#include "server/signin_cli/options.hpp"

namespace server {

class CliSocket final : public LineServer {
 public:
  explicit CliSocket(const CliOptions&);

  // A sentence for people where there is no connection.
  const std::string& error() const { return error_; }

  bool send(const std::string& line) override;
  std::optional<std::string> receive() override;

 private:
  template <auto free>
  struct Free {
    template <class T>
    void operator()(T* object) const {
      free(object);
    }
  };

  boost::system::error_code connect(const CliOptions&);
  void start_tls(const CliOptions&);
  // How many bytes; 0 where the connection is over.
  std::size_t write(std::string_view bytes);
  std::size_t read(std::span<char> room);

  boost::asio::io_context context_;
  boost::asio::generic::stream_protocol::socket socket_;
  std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>> tls_context_;
  std::unique_ptr<SSL, Free<SSL_free>> tls_;
  std::string received_;
  std::string error_;
};

}  // namespace server
