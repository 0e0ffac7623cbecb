// Listeners that were passed: what they are is asked of each, never believed.
#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "server/process/listeners.hpp"

namespace server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Stream = asio::local::stream_protocol;

[[noreturn]] void refuse_passed(const PassedSocket& socket, const std::string& why) {
  throw std::runtime_error("the socket \"" + socket.name + "\" (" +
                           std::to_string(socket.descriptor) +
                           ") that the service manager passed: " + why);
}

int asked_of(const PassedSocket& socket, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  if (::getsockopt(socket.descriptor, SOL_SOCKET, option, &value, &size) == 0) return value;
  if (errno == ENOTSOCK) refuse_passed(socket, "it is no socket");
  refuse_passed(socket, std::generic_category().message(errno));
}

// AF_INET, AF_INET6 or AF_UNIX, of a stream that listens.
int family_of(const PassedSocket& socket) {
  const auto type = asked_of(socket, SO_TYPE);
  if (type == SOCK_DGRAM) refuse_passed(socket, "it is for datagrams; ListenStream= is due");
  if (type != SOCK_STREAM) refuse_passed(socket, "it is no stream; ListenStream= is due");
  if (asked_of(socket, SO_ACCEPTCONN) == 0) {
    refuse_passed(socket, "it is a connection and does not listen; Accept=no is due");
  }
  return asked_of(socket, SO_DOMAIN);
}

}  // namespace

void Listeners::adopt(const std::vector<PassedSocket>& sockets) {
  for (const auto& socket : sockets) {
    const bool is_port = socket.name == "port";
    if (!is_port && socket.name != "listen") {
      refuse_passed(socket,
                    "there is no listener of that name; FileDescriptorName=port for TCP, or "
                    "FileDescriptorName=listen for a socket file, is due");
    }
    const auto family = family_of(socket);
    if (is_port && family != AF_INET && family != AF_INET6) {
      refuse_passed(socket, "it is not TCP; FileDescriptorName=listen is for a socket file");
    }
    if (!is_port && family != AF_UNIX) {
      refuse_passed(socket, "it is no socket file; FileDescriptorName=port is for TCP");
    }
    if (!is_port && local_) refuse_passed(socket, "there may be one of that name");
    if (is_port) {
      adopt_tcp(socket.descriptor, family == AF_INET6);
    } else {
      local_.emplace(context_, Stream(), socket.descriptor);
    }
  }
}

void Listeners::adopt_tcp(int descriptor, bool v6) {
  auto& acceptor = tcp_.emplace_back(context_, v6 ? tcp::v6() : tcp::v4(), descriptor);
  if (port_ == 0) port_ = acceptor.local_endpoint().port();
}

std::string Listeners::host() const {
  if (tcp_.empty() || loopback_only()) return "localhost";
  error_code why;
  return tcp_.front().local_endpoint(why).address().to_string();
}

std::optional<std::string> Listeners::path() const {
  if (!local_) return std::nullopt;
  error_code why;
  const auto path = local_->local_endpoint(why).path();
  if (why || path.empty()) return std::nullopt;
  // One without a file begins with a zero.
  return path.front() == '\0' ? "@" + path.substr(1) : path;
}

}  // namespace server
