#include "server/connection/failure_log.hpp"

#include <cstdio>

#include "server/logs/logger.hpp"
#include "server/logs/terminal_text.hpp"

namespace server {

void FailureLog::note(const Failure& failure) const {
  logs::debug("conn={} error={}", connection_, failure.error);
  if (!print_) return;
  if (!logs::is_plain()) {
    std::string steps;
    for (const auto& line : traceback(failure)) steps += (steps.empty() ? "" : "\n") + line;
    return logs::info("conn={} traceback=\"{}\"", connection_, steps);
  }
  std::string text = "conn=" + std::to_string(connection_) + "\n";
  for (const auto& line : traceback(failure)) text += "  " + logs::escaped(line) + "\n";
  std::fputs(text.c_str(), stderr);
}

void FailureLog::note_down(int dc, const std::string& reason) const {
  logs::strangers_info(logs::StrangersLine::upstream_down, "conn={} dc={} down reason=\"{}\"",
                       connection_, dc, reason);
}

}  // namespace server
