// Datagrams to a service manager.
#include "server/process/notify_socket.hpp"

#include <unistd.h>

#include <array>
#include <bit>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstring>

#include "tests/support/contains.hpp"
#include "tests/support/temporary_folder.hpp"

using server::NotifySocket;

namespace {

// What listens there, as systemd does.
class Listener {
 public:
  explicit Listener(const std::string& address) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::memcpy(at.sun_path, address.data(), address.size());
    const bool abstract = address.front() == '@';
    if (abstract) at.sun_path[0] = '\0';
    const auto size = offsetof(sockaddr_un, sun_path) + address.size() + (abstract ? 0 : 1);
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    REQUIRE(::bind(socket_, std::bit_cast<const sockaddr*>(&at), static_cast<socklen_t>(size)) ==
            0);
  }
  ~Listener() { ::close(socket_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::string next() const {
    std::array<char, 256> bytes{};
    const auto count = ::recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
  }

 private:
  int socket_ = -1;
};

}  // namespace

TEST_CASE("A service manager hears a line, by a path or by an abstract name") {
  const support::TemporaryFolder folder;
  const auto abstract = "@streamjson-test-" + std::to_string(::getpid());
  for (const auto& address : {(folder.path() / "notify").string(), abstract}) {
    const Listener listener(address);
    const NotifySocket socket(address);
    CHECK(socket.is_open());
    CHECK(socket.send("READY=1\nSTATUS=here"));
    CHECK(listener.next() == "READY=1\nSTATUS=here");
  }
}

TEST_CASE("Without a service manager everything is said to nobody") {
  const NotifySocket socket("");
  CHECK_FALSE(socket.is_open());
  CHECK(socket.send("READY=1"));
}

TEST_CASE("A service manager that is gone is noticed") {
  const support::TemporaryFolder folder;
  const NotifySocket socket((folder.path() / "gone").string());
  CHECK_FALSE(socket.send("READY=1"));
}

TEST_CASE("What can be no address of a service manager is refused in words") {
  using support::contains;
  CHECK_THROWS_WITH(NotifySocket("run/notify"), contains("NOTIFY_SOCKET: expected"));
  CHECK_THROWS_WITH(NotifySocket("vsock:2:1"), contains("NOTIFY_SOCKET: expected"));
  CHECK_THROWS_WITH(NotifySocket("@"), contains("NOTIFY_SOCKET"));
  CHECK_THROWS_WITH(NotifySocket("/" + std::string(200, 'x')), contains("too long"));
}
