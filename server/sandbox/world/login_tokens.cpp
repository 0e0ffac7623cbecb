#include "server/sandbox/world/login_tokens.hpp"

#include <algorithm>
#include <utility>

#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

tl::Bytes LoginTokens::make(LoginToken token, mtproto::Time now, tl::Random& random) {
  const auto over = [&](const tl::Bytes& bytes) { return find(bytes, now) == nullptr; };
  while (!order_.empty() && (order_.size() >= limits::codes || over(order_.front()))) {
    tokens_.erase(order_.front());
    order_.pop_front();
  }
  tl::Bytes bytes(32);
  random.fill(bytes);
  token.until = now + lives;
  token.hash = static_cast<std::int64_t>(random.word() >> 1 | 1);
  tokens_[bytes] = std::move(token);
  order_.push_back(bytes);
  return bytes;
}

LoginToken* LoginTokens::find(tl::ByteView bytes, mtproto::Time now) {
  const auto found = tokens_.find(tl::Bytes(bytes.begin(), bytes.end()));
  if (found == tokens_.end() || now >= found->second.until + remembered) return nullptr;
  return &found->second;
}

void LoginTokens::accept(LoginToken& token, UserId by, mtproto::Time now) {
  token.accepted_by = by;
  token.until = now;
  scanned_.push_back(token.shown_by);
}

std::optional<tl::Bytes> LoginTokens::accepted_for(mtproto::AuthKeyId key, mtproto::Time now) {
  for (const auto& [bytes, token] : tokens_) {
    if (token.shown_by.owner == key && token.accepted_by && now < token.until + remembered) {
      return bytes;
    }
  }
  return std::nullopt;
}

void LoginTokens::forget(tl::ByteView bytes) {
  const tl::Bytes known(bytes.begin(), bytes.end());
  tokens_.erase(known);
  std::erase(order_, known);
}

std::vector<Caller> LoginTokens::take_scanned() { return std::exchange(scanned_, {}); }

}  // namespace server::sandbox
