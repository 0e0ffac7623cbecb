// Tells the pumps of an event loop what their sockets are ready for: one set of epoll(7), edge-
// triggered, into which each socket is put once. Asio waits for the set as a whole. (It could wait for
// each socket, which takes a system call a wait, and some 300 bytes while it lasts.)
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>

namespace server::upstream {

class Pump;

// Of a socket: what has come to be since it was said last.
struct Readiness {
  bool input = false;  // something can be read; an end and an error count
  bool room = false;   // something can be written, or the attempt fails
  // An end, an error or urgent data: a read that brings less than it could does not say that nothing
  // is left.
  bool more = false;
};

class SocketPoller {
 public:
  // Throws std::system_error: no set can be made.
  explicit SocketPoller(const boost::asio::any_io_executor& executor);

  // `pump` hears of `socket` by on_ready(), first of what it is ready for now. It is held by somebody
  // else until the event is over in which it was removed.
  boost::system::error_code add(int socket, Pump& pump);
  // Room is told of, too; at once, if there is some.
  boost::system::error_code want_room(int socket, Pump& pump);
  // One that was added, before it is closed: a child process may have it open, which would keep it in
  // the set.
  void remove(int socket);

 private:
  void wait();
  void look();

  boost::asio::posix::stream_descriptor set_;
  std::size_t sockets_ = 0;
  bool waiting_ = false;
};

}  // namespace server::upstream
