#include "mtproto/session/salt_book.hpp"

#include <algorithm>
#include <utility>

namespace mtproto {
namespace {

using std::chrono::seconds;

// Clocks differ; the salt before is good for half an hour more.
constexpr Duration after_start = seconds{60};
constexpr Duration before_end = seconds{300};

}  // namespace

std::uint64_t SaltBook::at(UnixTime server_time) {
  std::size_t past = 0;
  for (; past < future_.size() && future_[past].since + after_start <= server_time; ++past) {
    if (future_[past].until <= server_time) continue;
    current_ = future_[past].salt;
    until_ = future_[past].until;
  }
  if (past != 0)
    future_.erase(future_.begin(), future_.begin() + static_cast<std::ptrdiff_t>(past));
  return current_;
}

void SaltBook::take(std::uint64_t salt) {
  if (salt == current_) return;
  rolled_ = std::exchange(accepted_, false);
  current_ = salt;
  until_.reset();
  // What was announced did not come true where the new one is not among it.
  const auto known =
      std::find_if(future_.begin(), future_.end(), [&](const auto& it) { return it.salt == salt; });
  if (known == future_.end()) {
    future_.clear();
  } else {
    until_ = known->until;
    future_.erase(future_.begin(), known + 1);
  }
}

void SaltBook::learn(const FutureSalts& salts) {
  // As many as one may ask for.
  constexpr std::size_t most = 64;
  future_.clear();
  for (const auto& salt : salts.salts) {
    if (future_.size() == most) break;
    const auto since = UnixTime(seconds{salt.valid_since});
    const auto until = UnixTime(seconds{salt.valid_until});
    if (salt.salt == current_) {
      until_ = until;
    } else if (since < until) {
      future_.push_back({since, until, salt.salt});
    }
  }
  std::sort(future_.begin(), future_.end(),
            [](const auto& a, const auto& b) { return a.since < b.since; });
}

bool SaltBook::wants_more(UnixTime server_time) const {
  if (!future_.empty()) return false;
  return until_ ? *until_ - before_end <= server_time : rolled_;
}

}  // namespace mtproto
