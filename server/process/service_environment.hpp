// What a service manager tells the programs that it starts, by their environment: where it listens
// to them, how often they have to report, which sockets it has opened for them.
// sd_notify(3), sd_watchdog_enabled(3), sd_listen_fds_with_names(3).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "server/config/environment.hpp"
#include "tl/result.hpp"

namespace server {

struct PassedSocket {
  int descriptor = -1;
  std::string name;  // FileDescriptorName= of its unit
};

struct ServiceEnvironment {
  std::vector<PassedSocket> sockets;
  std::string notify_socket;              // a path, or @NAME; empty: nobody listens
  std::chrono::microseconds watchdog{0};  // restarted after so long without a word; 0: never
};

// What is meant for `self`; a variable that is there for another process counts as none. Or a
// sentence that names the variable.
tl::Result<ServiceEnvironment, std::string> read_service_environment(const config::Environment&,
                                                                     pid_t self);

// The process's own, which its children do not get: the variables are removed, the sockets closed
// on exec. Before there are threads.
tl::Result<ServiceEnvironment, std::string> take_service_environment();

}  // namespace server
