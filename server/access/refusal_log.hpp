// Tells the operator of each kind of refusal, with the flag that would allow it: once an hour, and
// never so many that invented names fill the log. What those hold back is told when it comes again.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "server/access/origin_policy.hpp"
#include "server/logs/log_limit.hpp"

namespace server::access {

class RefusalLog {
 public:
  static constexpr std::size_t most = 64;  // kinds to remember; names are the visitor's to choose
  static constexpr mtproto::Duration again = std::chrono::hours(1);

  void note(std::uint64_t connection, const Decision&, mtproto::Time now);
  // What is to be said of it, where anything is.
  std::optional<std::string> line(const Decision&, mtproto::Time now);

 private:
  struct Told {
    std::string kind;
    mtproto::Time at;
  };

  bool is_news(const std::string& kind, mtproto::Time now);
  void remember(std::string kind, mtproto::Time now);

  std::mutex mutex_;
  std::list<Told> told_;  // the latest in front
  std::map<std::string, std::list<Told>::iterator> by_kind_;
  logs::LogLimit limit_;
};

}  // namespace server::access
