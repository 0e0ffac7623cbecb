#include "server/access/refusal_log.hpp"

#include "server/logs/logger.hpp"

namespace server::access {

void RefusalLog::note(std::uint64_t connection, const Decision& decision, mtproto::Time now) {
  if (const auto text = line(decision, now)) logs::warn("conn={} {}", connection, *text);
}

std::optional<std::string> RefusalLog::line(const Decision& decision, mtproto::Time now) {
  const std::lock_guard lock(mutex_);
  auto kind = decision.reason + decision.flag;
  if (!is_news(kind, now)) return std::nullopt;
  const auto more = limit_.turn(now);
  if (!more) return std::nullopt;
  remember(std::move(kind), now);
  const auto header = decision.header.empty() ? "" : " (" + decision.header + ")";
  const auto hint = decision.flag.empty() ? "" : "; " + decision.flag + " would allow it";
  return "refused: " + decision.reason + header + hint + *more;
}

bool RefusalLog::is_news(const std::string& kind, mtproto::Time now) {
  const auto found = by_kind_.find(kind);
  return found == by_kind_.end() || found->second->at + again <= now;
}

void RefusalLog::remember(std::string kind, mtproto::Time now) {
  if (const auto found = by_kind_.find(kind); found != by_kind_.end()) {
    found->second->at = now;
    return told_.splice(told_.begin(), told_, found->second);
  }
  if (told_.size() >= most) {
    by_kind_.erase(told_.back().kind);
    told_.pop_back();
  }
  told_.push_front({std::move(kind), now});
  by_kind_[told_.front().kind] = told_.begin();
}

}  // namespace server::access
