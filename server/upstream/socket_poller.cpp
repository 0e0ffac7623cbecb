#include "server/upstream/socket_poller.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "server/upstream/event_loop_turn.hpp"
#include "server/upstream/pump.hpp"

namespace server::upstream {
namespace {

using boost::system::error_code;

// So many at a time; those of other sockets of the loop, and its timers, have their turn between.
constexpr std::size_t most_events = 16;

constexpr std::uint32_t odd = EPOLLRDHUP | EPOLLPRI | EPOLLHUP | EPOLLERR;
constexpr std::uint32_t asked = EPOLLIN | EPOLLRDHUP | EPOLLPRI | EPOLLET;

int make_set() {
  const int set = ::epoll_create1(EPOLL_CLOEXEC);
  if (set < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return set;
}

error_code control(int set, int what, int socket, std::uint32_t events, Pump* pump) {
  epoll_event entry{};
  entry.events = events;
  entry.data.ptr = pump;
  if (::epoll_ctl(set, what, socket, &entry) == 0) return {};
  return {errno, boost::system::system_category()};
}

Readiness readiness(std::uint32_t events) {
  return {.input = (events & (EPOLLIN | odd)) != 0,
          .room = (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0,
          .more = (events & odd) != 0};
}

}  // namespace

SocketPoller::SocketPoller(const boost::asio::any_io_executor& executor)
    : set_(executor, make_set()) {}

error_code SocketPoller::add(int socket, Pump& pump) {
  if (const auto failed = control(set_.native_handle(), EPOLL_CTL_ADD, socket, asked, &pump)) {
    return failed;
  }
  ++sockets_;
  wait();
  return {};
}

error_code SocketPoller::want_room(int socket, Pump& pump) {
  return control(set_.native_handle(), EPOLL_CTL_MOD, socket, asked | EPOLLOUT, &pump);
}

void SocketPoller::remove(int socket) {
  if (control(set_.native_handle(), EPOLL_CTL_DEL, socket, 0, nullptr)) return;
  if (--sockets_ > 0) return;
  // Who runs the loop until there is nothing to do shall not wait for an empty set.
  error_code ignored;
  set_.cancel(ignored);
}

void SocketPoller::wait() {
  if (waiting_ || sockets_ == 0) return;
  waiting_ = true;
  set_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](const error_code&) {
    waiting_ = false;
    look();
    wait();
  });
}

void SocketPoller::look() {
  const EventLoopTurn turn;
  std::array<epoll_event, most_events> found;
  const int count = ::epoll_wait(set_.native_handle(), found.data(), most_events, 0);
  for (int i = 0; i < count; ++i) {
    static_cast<Pump*>(found[static_cast<std::size_t>(i)].data.ptr)
        ->on_ready(readiness(found[static_cast<std::size_t>(i)].events));
  }
}

}  // namespace server::upstream
