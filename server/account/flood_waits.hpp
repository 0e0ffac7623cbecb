// How long Telegram wants no more calls of a method from an account: FLOOD_WAIT is the account's, not
// one client's. Who would wait for it anyway does so before it asks.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "mtproto/time.hpp"

namespace server::account {

class FloodWaits {
 public:
  // Methods; of more the one that is over first is forgotten.
  static constexpr std::size_t most = 32;

  void add(std::uint32_t method, mtproto::Time until) {
    const auto found = std::ranges::find(all_, method, &Wait::method);
    if (found != all_.end()) {
      found->until = std::max(found->until, until);
    } else if (all_.size() < most) {
      all_.push_back({method, until});
    } else {
      *std::ranges::min_element(all_, {}, &Wait::until) = {method, until};
    }
  }
  // Until when; not behind `now` where there is nothing to be waited for.
  mtproto::Time until(std::uint32_t method, mtproto::Time now) {
    std::erase_if(all_, [now](const Wait& wait) { return wait.until <= now; });
    const auto found = std::ranges::find(all_, method, &Wait::method);
    return found == all_.end() ? now : found->until;
  }

 private:
  struct Wait {
    std::uint32_t method;  // its id
    mtproto::Time until;
  };

  std::vector<Wait> all_;
};

}  // namespace server::account
