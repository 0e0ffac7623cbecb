#include "mtproto/host/salt_schedule.hpp"

#include <algorithm>

namespace mtproto {

void SaltSchedule::advance(Time now, tl::Random& random) {
  while (salts_.back().since + current_for <= now) {
    const auto next = salts_.back().since + current_for;
    // After a long silence there is nothing to overlap with.
    salts_.push_back({next + valid_for <= now ? now : next, random.word()});
  }
  std::erase_if(salts_, [&](const Salt& it) { return it.since + valid_for <= now; });
}

std::uint64_t SaltSchedule::current(Time now, tl::Random& random) {
  advance(now, random);
  const auto later = std::find_if(salts_.begin() + 1, salts_.end(),
                                  [&](const Salt& it) { return it.since > now; });
  return (later - 1)->salt;
}

bool SaltSchedule::accepts(std::uint64_t salt, Time now, tl::Random& random) {
  advance(now, random);
  return std::any_of(salts_.begin(), salts_.end(),
                     [&](const Salt& it) { return it.salt == salt && it.since <= now; });
}

std::vector<SaltSchedule::Salt> SaltSchedule::upcoming(std::size_t count, Time now,
                                                       tl::Random& random) {
  const auto first = current(now, random);
  auto at =
      std::find_if(salts_.begin(), salts_.end(), [&](const Salt& it) { return it.salt == first; });
  const auto skipped = static_cast<std::size_t>(at - salts_.begin());
  while (salts_.size() - skipped < count) {
    salts_.push_back({salts_.back().since + current_for, random.word()});
  }
  at = salts_.begin() + static_cast<std::ptrdiff_t>(skipped);
  return {at, at + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace mtproto
