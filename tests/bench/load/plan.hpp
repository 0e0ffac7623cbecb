// What a run of the load generator is to do, and what came of it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/load/framing.hpp"

namespace bench {

struct Plan {
  std::uint16_t port = 0;
  bool tls = false;
  Framing framing = Framing::lines;
  std::string path;  // where posts go
  std::size_t connections = 1;
  std::size_t opening = 32;         // at a time
  std::vector<std::string> firsts;  // what connections begin with, in turn
  std::size_t active = 0;           // connections that ask; they lie evenly among the others
  std::size_t in_flight = 1;        // requests of each of those
  std::size_t rotate = 0;           // or of all together: the next one asks when one was answered
  std::chrono::nanoseconds pace{};  // or one request in so much time, whatever happens
  std::chrono::nanoseconds warm_up{}, length{};
  std::size_t most = SIZE_MAX;  // requests; then it is over
  std::string message;
  std::vector<pid_t> pids;  // whose CPU time is measured
};

struct Outcome {
  std::chrono::nanoseconds opened{}, took{};
  std::uint64_t updates = 0;
  std::vector<std::uint64_t> waits;            // of each request, in nanoseconds, sorted
  std::vector<std::chrono::nanoseconds> used;  // by each of `pids`
  std::vector<std::chrono::nanoseconds> used_opening;
};

}  // namespace bench
