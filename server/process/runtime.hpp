// The threads. Each runs an event loop of its own; a client is given to the least loaded and stays
// there for life. The caller's thread accepts and takes signals.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "server/gateway/gateway.hpp"
#include "server/process/listeners.hpp"
#include "server/process/service_manager.hpp"

namespace server {

class Runtime {
 public:
  Runtime(Gateway&, Listeners&, ServiceManager&, boost::asio::io_context& main, unsigned threads,
          std::size_t most_clients);
  ~Runtime();

  // Until SIGTERM or SIGINT (or stop()), and then until clients have their answers, at most as long
  // as --drain says. `reload` is called on SIGHUP.
  void run(std::function<void()> reload);
  // From any thread: as SIGTERM.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace server
