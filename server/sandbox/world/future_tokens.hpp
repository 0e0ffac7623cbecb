// What lets an account in again without a code: given at sign-in and at log-out, kept by the client,
// and brought along when it asks for the next code. core.telegram.org/api/auth#future-auth-tokens
#pragma once

#include <cstdint>
#include <deque>
#include <map>

#include "server/sandbox/world/ids.hpp"
#include "tl/bytes.hpp"
#include "tl/random.hpp"

namespace server::sandbox {

struct FutureToken {
  UserId user;
  std::int32_t until = 0;  // unix time
};

class FutureTokens {
 public:
  static constexpr std::size_t size = 32;
  static constexpr std::size_t most_brought = 20;
  // Telegram does not say how long: as long as a session that is not used.
  static constexpr std::int32_t lives = 180 * 86'400;

  tl::Bytes give(UserId user, std::int32_t date, tl::Random& random);
  // Good as often as it is brought, until it has run out.
  bool opens(UserId user, tl::ByteView token, std::int32_t date) const;
  // Who ends all other sessions ends these, too.
  void forget(UserId user);

  // For a state file.
  const std::map<tl::Bytes, FutureToken>& all() const { return tokens_; }
  void restore(tl::Bytes bytes, FutureToken token);

 private:
  std::map<tl::Bytes, FutureToken> tokens_;
  std::deque<tl::Bytes> order_;
};

}  // namespace server::sandbox
