#include "server/process/service_environment.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "tl/numbers.hpp"

namespace server {
namespace {

constexpr int first_passed = 3;  // SD_LISTEN_FDS_START
constexpr std::int64_t most_passed = 64;
constexpr std::int64_t longest_watchdog = std::int64_t{1} << 50;

using Counted = tl::Result<std::int64_t, std::string>;

// A variable's number, 0 where it is not there.
Counted number_in(const config::Environment& environment, const char* name, std::int64_t most) {
  const auto text = environment(name);
  if (!text || text->empty()) return std::int64_t{0};
  const auto number = tl::parse_count(*text, 0, most);
  if (number) return *number;
  return std::string(name) + ": expected a number, at most " + std::to_string(most);
}

// Whether what stands beside it is for this process.
bool is_for(pid_t self, const config::Environment& environment, const char* name, bool otherwise) {
  const auto text = environment(name);
  if (!text || text->empty()) return otherwise;
  return *text == std::to_string(self);
}

std::vector<std::string> parts(std::string_view text) {
  std::vector<std::string> out;
  for (;;) {
    const auto end = text.find(':');
    out.emplace_back(text.substr(0, end));
    if (end == text.npos) return out;
    text.remove_prefix(end + 1);
  }
}

tl::Result<std::vector<PassedSocket>, std::string> read_sockets(
    const config::Environment& environment, pid_t self) {
  std::vector<PassedSocket> out;
  if (!is_for(self, environment, "LISTEN_PID", false)) return out;
  const auto count = number_in(environment, "LISTEN_FDS", most_passed);
  if (!count) return count.error();
  for (int i = 0; i < *count; ++i) out.push_back({first_passed + i, "unknown"});
  const auto names = environment("LISTEN_FDNAMES");
  if (!names) return out;
  auto each = parts(*names);
  if (each.size() != out.size()) {
    return "LISTEN_FDNAMES: expected as many names as LISTEN_FDS says, " +
           std::to_string(out.size());
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i].name = std::move(each[i]);
  return out;
}

}  // namespace

tl::Result<ServiceEnvironment, std::string> read_service_environment(
    const config::Environment& environment, pid_t self) {
  ServiceEnvironment out;
  out.notify_socket = environment("NOTIFY_SOCKET").value_or("");
  if (is_for(self, environment, "WATCHDOG_PID", true)) {
    const auto every = number_in(environment, "WATCHDOG_USEC", longest_watchdog);
    if (!every) return every.error();
    out.watchdog = std::chrono::microseconds(*every);
  }
  auto sockets = read_sockets(environment, self);
  if (!sockets) return sockets.error();
  out.sockets = std::move(*sockets);
  return out;
}

tl::Result<ServiceEnvironment, std::string> take_service_environment() {
  auto out = read_service_environment(config::environment_variable, ::getpid());
  for (const auto* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID",
                           "LISTEN_FDS", "LISTEN_FDNAMES"}) {
    ::unsetenv(name);
  }
  if (!out) return out;
  for (const auto& socket : out->sockets) ::fcntl(socket.descriptor, F_SETFD, FD_CLOEXEC);
  return out;
}

}  // namespace server
