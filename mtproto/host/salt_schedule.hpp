// The salts of one key on the server: each is the current one for half an hour and accepted for
// half an hour more; the next ones are drawn as somebody asks.
// core.telegram.org/mtproto/description#server-salt
#pragma once

#include <vector>

#include "mtproto/time.hpp"
#include "tl/random.hpp"

namespace mtproto {

class SaltSchedule {
 public:
  static constexpr Duration current_for = std::chrono::minutes{30};
  static constexpr Duration valid_for = std::chrono::minutes{60};

  struct Salt {
    Time since;
    std::uint64_t salt = 0;
  };

  SaltSchedule(std::uint64_t first, Time now) : salts_{{now, first}} {}

  std::uint64_t current(Time now, tl::Random& random);
  bool accepts(std::uint64_t salt, Time now, tl::Random& random);
  // The current one and those that follow.
  std::vector<Salt> upcoming(std::size_t count, Time now, tl::Random& random);

 private:
  void advance(Time now, tl::Random& random);

  std::vector<Salt> salts_;  // by time; never empty
};

}  // namespace mtproto
