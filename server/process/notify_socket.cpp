#include "server/process/notify_socket.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace server {
namespace {

constexpr timeval notify_patience{.tv_sec = 1, .tv_usec = 0};

std::runtime_error wrong(const std::string& what) {
  return std::runtime_error("NOTIFY_SOCKET: " + what);
}

}  // namespace

NotifySocket::NotifySocket(const std::string& address) {
  if (address.empty()) return;
  const bool abstract = address.front() == '@';
  if (!abstract && address.front() != '/') throw wrong("expected an absolute path, or @NAME");
  if (address.size() < 2 || address.size() >= sizeof to_.sun_path) {
    throw wrong("its path is too long, or empty");
  }
  to_.sun_family = AF_UNIX;
  std::memcpy(to_.sun_path, address.data(), address.size());
  if (abstract) to_.sun_path[0] = '\0';
  // The name of an abstract socket ends where the address does, that of a file with a zero.
  size_ =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size() + (abstract ? 0 : 1));
  socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0) throw wrong(std::generic_category().message(errno));
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &notify_patience, sizeof notify_patience);
}

NotifySocket::~NotifySocket() {
  if (is_open()) ::close(socket_);
}

bool NotifySocket::send(std::string_view lines) const {
  if (!is_open()) return true;
  const auto* to = std::bit_cast<const sockaddr*>(&to_);
  return ::sendto(socket_, lines.data(), lines.size(), MSG_NOSIGNAL, to, size_) ==
         static_cast<ssize_t>(lines.size());
}

}  // namespace server
