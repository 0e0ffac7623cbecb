#include "server/upstream/network_watch.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <vector>

namespace server::upstream {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

int listen_to_kernel() {
  const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (fd < 0) return -1;
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups =
      RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

// NLMSG_ALIGN and its kin, without their casts.
constexpr std::size_t aligned(std::size_t size) { return (size + 3) & ~std::size_t{3}; }
constexpr std::size_t head_size = aligned(sizeof(nlmsghdr));

bool brings_network(const nlmsghdr& head, const char* body) {
  switch (head.nlmsg_type) {
    case RTM_NEWADDR:
    case RTM_NEWROUTE:
      return true;
    case RTM_NEWLINK: {
      ifinfomsg link{};
      if (head.nlmsg_len < head_size + sizeof link) return false;
      std::memcpy(&link, body, sizeof link);
      return (link.ifi_flags & IFF_RUNNING) != 0;
    }
    default:
      return false;
  }
}

// Whether anything that the kernel has said brings a network.
bool read_news(int fd) {
  bool out = false;
  while (true) {
    std::array<char, 8192> buffer;
    sockaddr_nl from{};
    socklen_t from_size = sizeof from;
    const auto size = ::recvfrom(fd, buffer.data(), buffer.size(), 0,
                                 reinterpret_cast<sockaddr*>(&from), &from_size);
    if (size <= 0) return out;
    if (from.nl_pid != 0) continue;  // some process's
    const std::size_t end = static_cast<std::size_t>(size);
    for (std::size_t at = 0; at + head_size <= end;) {
      nlmsghdr head{};
      std::memcpy(&head, buffer.data() + at, sizeof head);
      if (head.nlmsg_len < head_size || head.nlmsg_len > end - at) break;
      out = out || brings_network(head, buffer.data() + at + head_size);
      at += aligned(head.nlmsg_len);
    }
  }
}

}  // namespace

struct NetworkWatch::Socket : std::enable_shared_from_this<Socket> {
  Socket(NetworkWatch& watch_in, const asio::any_io_executor& executor, int fd)
      : watch(&watch_in), descriptor(executor, fd) {}

  void wait() {
    auto ready = [self = shared_from_this()](error_code failed) {
      if (failed || self->watch == nullptr) return;
      if (read_news(self->descriptor.native_handle())) self->watch->changed();
      if (self->watch != nullptr) self->wait();
    };
    descriptor.async_wait(asio::posix::stream_descriptor::wait_read, std::move(ready));
  }

  NetworkWatch* watch;  // none: closed
  asio::posix::stream_descriptor descriptor;
};

NetworkWatch::NetworkWatch(const asio::any_io_executor& executor) {
  const int fd = listen_to_kernel();
  if (fd < 0) return;
  socket_ = std::make_shared<Socket>(*this, executor, fd);
  socket_->wait();
}

NetworkWatch::~NetworkWatch() { close(); }

void NetworkWatch::close() {
  if (!socket_) return;
  socket_->watch = nullptr;
  error_code ignored;
  socket_->descriptor.close(ignored);
  socket_.reset();
}

void NetworkWatch::join(NetworkUser& user) { users_.insert(&user); }

void NetworkWatch::leave(NetworkUser& user) { users_.erase(&user); }

void NetworkWatch::changed() {
  const std::vector<NetworkUser*> users(users_.begin(), users_.end());
  for (auto* user : users) {
    if (users_.contains(user)) user->on_network();
  }
}

}  // namespace server::upstream
