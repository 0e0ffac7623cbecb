// A connection's failures in the log, and as tracebacks on the terminal where those are wanted.
#pragma once

#include <cstdint>

#include "server/protocol/failure.hpp"

namespace server {

class FailureLog {
 public:
  FailureLog(std::uint64_t connection, bool print_tracebacks)
      : connection_(connection), print_(print_tracebacks) {}

  void note(const Failure&) const;
  // A connection to Telegram is down.
  void note_down(int dc, const std::string& reason) const;

 private:
  const std::uint64_t connection_;
  const bool print_;
};

}  // namespace server
