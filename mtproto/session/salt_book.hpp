// The server salt to write now, and those that the server announced for later.
// core.telegram.org/mtproto/description#server-salt
#pragma once

#include <optional>
#include <vector>

#include "mtproto/message/service_session.hpp"
#include "mtproto/time.hpp"

namespace mtproto {

class SaltBook {
 public:
  SaltBook() = default;
  explicit SaltBook(std::uint64_t salt) : current_(salt) {}

  // Goes on to an announced salt when its time has come.
  std::uint64_t at(UnixTime server_time);
  // The server took a message under the current one.
  void accepted() { accepted_ = true; }
  // The server says which one counts now.
  void take(std::uint64_t salt);
  void learn(const FutureSalts& salts);
  // Whether it is time to ask for more. Never for a session so short that its first salt lasts.
  bool wants_more(UnixTime server_time) const;

 private:
  struct Announced {
    UnixTime since;
    UnixTime until;
    std::uint64_t salt = 0;
  };

  std::uint64_t current_ = 0;
  std::optional<UnixTime> until_;  // of the current one, where known
  bool accepted_ = false;
  bool rolled_ = false;            // a salt that was good ran out on us
  std::vector<Announced> future_;  // by time
};

}  // namespace mtproto
