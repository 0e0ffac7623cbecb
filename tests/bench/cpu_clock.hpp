// How long another process has been on the CPU, all threads, user and system, to the nanosecond.
#pragma once

#include <sys/types.h>
#include <time.h>

#include <chrono>
#include <stdexcept>
#include <string>

namespace bench {

class CpuClock {
 public:
  explicit CpuClock(pid_t pid) {
    if (clock_getcpuclockid(pid, &clock_) != 0) {
      throw std::runtime_error("there is no process " + std::to_string(pid));
    }
  }

  std::chrono::nanoseconds now() const {
    timespec time{};
    if (clock_gettime(clock_, &time) != 0) throw std::runtime_error("a watched process is gone");
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }

 private:
  clockid_t clock_{};
};

}  // namespace bench
