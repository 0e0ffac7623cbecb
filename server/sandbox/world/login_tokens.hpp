// Tokens that one session shows as a QR code and somebody who is signed in accepts on another. A
// token is good for half a minute and for one sign-in. core.telegram.org/api/qr-login
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "mtproto/time.hpp"
#include "server/sandbox/world/caller.hpp"
#include "server/sandbox/world/ids.hpp"
#include "tl/bytes.hpp"
#include "tl/random.hpp"

namespace server::sandbox {

struct LoginToken {
  Caller shown_by;
  std::vector<UserId> except;  // who may not accept it: signed in there already
  mtproto::Time until{};
  std::optional<UserId> accepted_by;
  std::int64_t hash = 0;  // of the authorization to come
};

class LoginTokens {
 public:
  static constexpr auto lives = std::chrono::seconds{30};
  // How long what was accepted waits to be fetched, and what ran out is known to have been.
  static constexpr auto remembered = std::chrono::minutes{5};
  static constexpr std::size_t most_except = 100;

  // A fresh token; those before it stay good for their time.
  tl::Bytes make(LoginToken token, mtproto::Time now, tl::Random& random);
  // Whatever became of it; null where it is unknown.
  LoginToken* find(tl::ByteView bytes, mtproto::Time now);
  void accept(LoginToken& token, UserId by, mtproto::Time now);
  // One that somebody accepted for that key: its bytes, to be found by.
  std::optional<tl::Bytes> accepted_for(mtproto::AuthKeyId key, mtproto::Time now);
  void forget(tl::ByteView bytes);

  // The sessions to be told that their token was accepted.
  std::vector<Caller> take_scanned();

 private:
  std::map<tl::Bytes, LoginToken> tokens_;
  std::deque<tl::Bytes> order_;
  std::vector<Caller> scanned_;
};

}  // namespace server::sandbox
