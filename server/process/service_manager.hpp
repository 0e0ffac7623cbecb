// The service manager that watches over the process, systemd or another one: it is told when clients
// may come, that settings are read again, when the process ends, how much there is to do, and that
// it lives, which is so only while every event loop turns. sd_notify(3), systemd.service(5).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <string>
#include <vector>

#include "server/process/heartbeat.hpp"
#include "server/process/notify_socket.hpp"
#include "server/process/service_environment.hpp"

namespace server {

class ServiceManager {
 public:
  // How often `STATUS=` is looked at; it is sent where it has changed.
  static constexpr std::chrono::seconds usual_interval{10};

  struct Loop {
    boost::asio::any_io_executor executor;
    std::function<std::size_t()> accounts;  // in use there; called in its thread
  };

  // All of it belongs to the thread of `main`.
  ServiceManager(boost::asio::io_context& main, const ServiceEnvironment&);

  // Everything listens. `clients`: how many there are now.
  void started(std::vector<Loop> loops, std::function<std::size_t()> clients);
  // Does it, and tells when that began and ended.
  void reload(const std::function<void()>& reload);
  // From here on nothing is asked of the loops, which may end.
  void stopping();

 private:
  void tell(std::string_view lines);
  void beat();
  void ask_loops();
  void answered(std::size_t loop, std::size_t accounts);
  void tell_complete();
  void wait();

  const NotifySocket socket_;
  const std::chrono::microseconds watchdog_;
  boost::asio::io_context& main_;
  boost::asio::steady_timer timer_;
  std::vector<Loop> loops_;
  std::vector<std::size_t> accounts_;  // of each loop
  std::function<std::size_t()> clients_;
  Heartbeat heartbeat_{0};
  std::string status_;  // what was told last
  bool stuck_ = false;  // and said so
};

}  // namespace server
