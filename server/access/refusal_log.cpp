#include "server/access/refusal_log.hpp"

#include <spdlog/spdlog.h>

namespace server::access {

void RefusalLog::note(std::uint64_t connection, const Verdict& verdict) {
  {
    std::lock_guard lock(mutex_);
    if (told_.size() >= most || !told_.insert(verdict.reason + verdict.flag).second) return;
  }
  const auto hint = verdict.flag.empty() ? "" : "; " + verdict.flag + " would allow it";
  spdlog::warn("conn={} refused: {}{}", connection, verdict.reason, hint);
}

}  // namespace server::access
