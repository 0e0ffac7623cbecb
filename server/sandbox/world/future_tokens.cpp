#include "server/sandbox/world/future_tokens.hpp"

#include <utility>

#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

tl::Bytes FutureTokens::give(UserId user, std::int32_t date, tl::Random& random) {
  tl::Bytes bytes(size);
  random.fill(bytes);
  restore(bytes, {user, date + lives});
  return bytes;
}

bool FutureTokens::opens(UserId user, tl::ByteView token, std::int32_t date) const {
  const auto found = tokens_.find(tl::Bytes(token.begin(), token.end()));
  return found != tokens_.end() && found->second.user == user && date < found->second.until;
}

void FutureTokens::forget(UserId user) {
  const auto theirs = [&](const auto& one) { return one.second.user == user; };
  std::erase_if(tokens_, theirs);
  std::erase_if(order_, [&](const tl::Bytes& bytes) { return !tokens_.contains(bytes); });
}

void FutureTokens::restore(tl::Bytes bytes, FutureToken token) {
  while (order_.size() >= limits::codes) {
    tokens_.erase(order_.front());
    order_.pop_front();
  }
  if (tokens_.insert_or_assign(bytes, token).second) order_.push_back(std::move(bytes));
}

}  // namespace server::sandbox
