// Tells the operator of each kind of refusal once, with the flag that would allow it.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>

#include "server/access/door.hpp"

namespace server::access {

class RefusalLog {
 public:
  static constexpr std::size_t most = 64;  // kinds; names are the visitor's to choose

  void note(std::uint64_t connection, const Verdict&);

 private:
  std::mutex mutex_;
  std::set<std::string> told_;
};

}  // namespace server::access
