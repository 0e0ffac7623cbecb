// A session id of our own. The protocol wants 64 random bits; these are 46, so that the number comes
// home from any JSON library: it has 14 digits, and fits a double and 63 signed bits. Ids are told apart
// under one auth key only. core.telegram.org/mtproto/description#session
#pragma once

#include "mtproto/ids.hpp"
#include "tl/random.hpp"

namespace mtproto {

inline constexpr std::uint64_t session_id_end = std::uint64_t{1} << 46;

// Never 0, which stands for none.
inline SessionId draw_session_id(tl::Random& random) {
  return SessionId(1 + random.word() % (session_id_end - 1));
}

}  // namespace mtproto
