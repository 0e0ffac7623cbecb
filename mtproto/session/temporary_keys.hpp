// What a session with perfect forward secrecy holds besides its permanent key: the temporary key
// that its messages are encrypted by, the next one on its way, and those before it that answers may
// still come under. core.telegram.org/api/pfs
//
//   no key ──exchange──► made ──bind──► in use ──an hour before its end──► the next is made …
//
// None of it is ever shown or stored.
#pragma once

#include <optional>
#include <vector>

#include "mtproto/session/binding.hpp"
#include "mtproto/session/session.hpp"

namespace mtproto {

struct TemporaryKeys {
  // The server is not tried again for ever.
  static constexpr int most_refusals = 5;

  TemporaryKeys(SessionState saved, tl::Random& random);

  SessionState permanent;  // what state() shows
  std::optional<Time> permanent_made;
  std::optional<TemporaryKey> current;  // bound; its bytes are in Session::State::saved, too
  std::optional<Binding> binding;
  std::vector<TemporaryKey> earlier;  // of this connection
  bool unbound = false;               // the server says so of the current one: nothing is written
  int refusals = 0;                   // since the last answer
  Time renewal_ends{};                // without success
  std::uint64_t heard_on = 0;         // the last connection on which the server has spoken
  bool used = false;                  // a key was in use before
  std::optional<RequestId> introduction;  // a call of our own

  // A key that something may come under, besides the current one.
  const AuthKey* find(AuthKeyId id) const;
};

}  // namespace mtproto
