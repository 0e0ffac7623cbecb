// What a service manager says in the environment.
#include "server/process/service_environment.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace server;
using namespace std::chrono_literals;

namespace {

constexpr pid_t self = 42;

tl::Result<ServiceEnvironment, std::string> read(std::map<std::string, std::string> variables) {
  return read_service_environment(
      [&](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
      },
      self);
}

}  // namespace

TEST_CASE("Where no service manager says a word, there is none") {
  const auto none = read({});
  REQUIRE(none.has_value());
  CHECK(none->notify_socket.empty());
  CHECK(none->watchdog == 0us);
  CHECK(none->sockets.empty());
}

TEST_CASE("A watchdog for another process is not ours, one for nobody is") {
  CHECK(read({{"WATCHDOG_USEC", "2000000"}})->watchdog == 2s);
  CHECK(read({{"WATCHDOG_USEC", "2000000"}, {"WATCHDOG_PID", "42"}})->watchdog == 2s);
  CHECK(read({{"WATCHDOG_USEC", "2000000"}, {"WATCHDOG_PID", "43"}})->watchdog == 0us);
  CHECK(read({{"WATCHDOG_USEC", "soon"}, {"WATCHDOG_PID", "43"}}).has_value());
}

TEST_CASE("Sockets begin at descriptor 3, each with its name") {
  const auto passed =
      read({{"LISTEN_PID", "42"}, {"LISTEN_FDS", "3"}, {"LISTEN_FDNAMES", "port:port:listen"}});
  REQUIRE(passed.has_value());
  REQUIRE(passed->sockets.size() == 3);
  CHECK(passed->sockets[0].descriptor == 3);
  CHECK(passed->sockets[0].name == "port");
  CHECK(passed->sockets[2].descriptor == 5);
  CHECK(passed->sockets[2].name == "listen");
}

TEST_CASE("Sockets for another process are left alone, and so are those for nobody") {
  CHECK(read({{"LISTEN_PID", "43"}, {"LISTEN_FDS", "1"}})->sockets.empty());
  CHECK(read({{"LISTEN_FDS", "1"}})->sockets.empty());
  CHECK(read({{"LISTEN_PID", "43"}, {"LISTEN_FDS", "many"}})->sockets.empty());
}

TEST_CASE("Sockets without names are unknown, as systemd calls them") {
  const auto passed = read({{"LISTEN_PID", "42"}, {"LISTEN_FDS", "1"}});
  REQUIRE(passed.has_value());
  CHECK(passed->sockets.at(0).name == "unknown");
}

TEST_CASE("What is wrong in the environment is told by the variable's name") {
  const auto wrong = [](std::map<std::string, std::string> variables, std::string_view name) {
    variables.emplace("LISTEN_PID", "42");
    const auto got = read(std::move(variables));
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().starts_with(std::string(name) + ":"));
  };
  wrong({{"WATCHDOG_USEC", "soon"}}, "WATCHDOG_USEC");
  wrong({{"WATCHDOG_USEC", "-1"}}, "WATCHDOG_USEC");
  wrong({{"WATCHDOG_USEC", "99999999999999999999"}}, "WATCHDOG_USEC");
  wrong({{"LISTEN_FDS", "65"}}, "LISTEN_FDS");
  wrong({{"LISTEN_FDS", "x"}}, "LISTEN_FDS");
  wrong({{"LISTEN_FDS", "2"}, {"LISTEN_FDNAMES", "port"}}, "LISTEN_FDNAMES");
  wrong({{"LISTEN_FDS", "1"}, {"LISTEN_FDNAMES", "port:listen"}}, "LISTEN_FDNAMES");
}
