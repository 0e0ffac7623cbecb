// The temporary keys of a session with perfect forward secrecy: which one serves, which is being
// made or bound, and what the server has against them. Owns the permanent key, which vouches for
// them, and all of them; nothing temporary is ever shown or stored. Called by Session::State
// (forward_secrecy.cpp), which does what an Order says; calls Binding. core.telegram.org/api/pfs
//
//   no key ──exchange──► made ──bind──► in use ──an hour before its end──► the next is made …
#pragma once

#include <optional>
#include <vector>

#include "mtproto/exchange/key_exchange.hpp"
#include "mtproto/session/binding.hpp"
#include "mtproto/session/session.hpp"

namespace mtproto {

class TemporaryBinding {
 public:
  // The server is not tried again for ever.
  static constexpr int most_refusals = 5;

  // What the session is to do.
  struct Order {
    enum class Kind : std::uint8_t {
      nothing,
      make_key,  // by a key exchange
      serve,     // with the key in use
      go_over,   // to the key that is bound now, by go_over()
      renew,     // by renew(), or put_off() where its requests do not allow it
      fail,
    };
    Kind kind = Kind::nothing;
    std::optional<std::int32_t> expires_in{};  // of make_key; none: a permanent key
    boost::system::error_code why{};           // of fail
    std::int32_t transport_code = 0;
  };

  // A temporary key is asked to live for `lifetime`, or up to a 24th less.
  TemporaryBinding(SessionState permanent, Duration lifetime, tl::Random& random);

  const SessionState& permanent() const { return permanent_; }
  // What messages are encrypted by.
  const AuthKey* key() const { return current_ ? &current_->key : nullptr; }
  // Any key that something may come under.
  const AuthKey* find(AuthKeyId id) const;
  // Whether messages may be written under it: the server has not said that it is not bound.
  bool bound() const { return current_ && !unbound_; }
  // Whether the key exchange that was ordered is still wanted.
  bool making() const { return making_; }
  // Whether the server has spoken on this connection.
  bool heard() const { return heard_; }
  // Whether there was a key in use before this one.
  bool renewed() const { return adopted_ > 1; }

  // --- what happens ---
  Order connected(Time now);
  Order key_made(const FreshKey& fresh, Time now);
  // The key in use serves on, where there is one; the next one is tried again later.
  Order renewal_failed(Time now);
  // None: what came is not about a key that is being bound.
  std::optional<Order> heard(const Incoming& incoming, ServerClock& clock, Time now);
  // A call was answered as one under a key that is bound; as one under a key that is not.
  void accepted() { refusals_ = 0; }
  Order disowned(Time now);
  // The server says -404. None: no temporary key can be meant.
  std::optional<Order> unknown(Time now);
  Order tick(Time now, bool paused);
  // When tick() wants to be called, if at all.
  std::optional<Time> deadline(bool paused) const;

  // --- what follows ---
  // The packet of a binding, when that is due.
  std::optional<Bytes> write(UnixTime server_time, Time now);
  // The bound key is in use from here on; what is given is what its session goes on with.
  Binding go_over();
  Order renew(Time now);
  void put_off(Time now);

 private:
  Order make_key();
  void bind(TemporaryKey key);
  void drop();
  Order refused(ByteView answer, Time now);

  SessionState permanent_;
  Duration lifetime_;
  tl::Random& random_;
  std::optional<Time> permanent_made_;

  std::optional<TemporaryKey> current_;
  bool unbound_ = false;  // the server says so of the current one
  std::optional<Binding> binding_;
  int refusals_ = 0;      // since the last answer
  Time renewal_ends_{};   // without success
  unsigned adopted_ = 0;  // keys so far

  // Of this connection:
  bool making_ = false;
  bool serving_ = false;  // requests travel
  bool heard_ = false;
  std::vector<TemporaryKey> earlier_;  // answers may still come under them
};

}  // namespace mtproto
