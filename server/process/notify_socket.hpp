// What the service manager hears of this process: datagrams of lines NAME=value to the socket that
// it named. sd_notify(3). Where it named none, all of it is said to nobody.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>
#include <string_view>

namespace server {

class NotifySocket {
 public:
  // `address`: a path, or @NAME in the abstract namespace; empty: none. Throws std::runtime_error
  // with a sentence where it is neither.
  explicit NotifySocket(const std::string& address);
  ~NotifySocket();
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  bool is_open() const { return socket_ >= 0; }
  // False where nobody took it within a second. Any thread may.
  bool send(std::string_view lines) const;

 private:
  int socket_ = -1;
  sockaddr_un to_{};
  socklen_t size_ = 0;
};

}  // namespace server
