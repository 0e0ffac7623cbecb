// The server's half of MTProto 2.0: one connection of a client to a data centre. What must
// outlive the connection (keys, salts, sessions with what was not acknowledged yet) lies in a
// KeyRing, shared by all connections of a data centre. core.telegram.org/mtproto/description,
// /service_messages, /service_messages_about_messages
//
// It is as strict as Telegram where that matters: message ids, sequence numbers, salts, session
// ids, containers and padding are checked and answered with the right bad_msg_notification.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "mtproto/crypto/auth_key.hpp"
#include "mtproto/crypto/rsa.hpp"
#include "mtproto/errc.hpp"
#include "mtproto/framing/transport.hpp"
#include "mtproto/ids.hpp"
#include "mtproto/time.hpp"
#include "mtproto/work.hpp"
#include "tl/random.hpp"

namespace mtproto {

struct HostOptions {
  std::vector<RsaPrivateKey> keys;
  std::int32_t dc = 2;
  std::optional<bool> test = false;  // whether inner data must name dc + 10000; none: either
  // 34 for an acknowledgement or a container that counts as content; real clients send such with
  // impunity. A call that does not count as content is 35 always.
  bool strict_seqno = false;
  std::size_t max_unpacked = std::size_t{16} << 20;
  std::size_t gzip_above =
      512;  // bytes of an rpc_result's body from which it is packed where that helps
};

// A session of a key: whom to answer or to push to.
struct SessionAddress {
  AuthKeyId key;
  SessionId session;
  auto operator<=>(const SessionAddress&) const = default;
};

// The keys of a data centre, and the sessions of each. One thread's.
class KeyRing {
 public:
  KeyRing();
  ~KeyRing();
  void add(const AuthKey&, std::uint64_t first_salt, Time now,
           std::optional<std::int32_t> expires_in = {}, bool test = false);
  const AuthKey* find(AuthKeyId) const;
  bool test(AuthKeyId) const;         // made with a data centre of the test environment
  void remove(AuthKeyId);             // destroy_auth_key; its temporary keys go with it
  std::vector<AuthKey> keys() const;  // permanent ones, for a state file

  // --- temporary keys (binding.cpp) ---
  // auth.bindTempAuthKey, boxed, as `message` of that session. The name of the error; empty: the
  // session's key speaks for the permanent one from now on, as others may.
  std::string_view bind(const SessionAddress& from, MessageId message, ByteView query, Time now,
                        UnixTime wall);
  // Whom a key speaks for: itself, or what it was bound to; none: a temporary key, not bound yet.
  std::optional<AuthKeyId> owner(AuthKeyId) const;
  // auth.dropTempAuthKeys: those that speak for `owner` go, but not `except`.
  void drop_temporary(AuthKeyId owner, std::span<const AuthKeyId> except);
  // The client went on to another temporary key: answers may still go out under this one.
  void supersede(AuthKeyId);
  bool superseded(AuthKeyId) const;

 private:
  friend class Host;
  struct State;
  std::unique_ptr<State> state_;
};

// --- events ---

// An API request (whatever is no service message), unpacked.
struct Request {
  SessionAddress from;
  MessageId message;
  Bytes body;
};
// A key exchange was finished; the key is in the ring already.
struct KeyMade {
  AuthKeyId key;
};
// A session was seen on this connection for the first time (it may have been on others before).
struct SessionSeen {
  SessionAddress session;
};
// The client destroyed a session, or its key.
struct SessionGone {
  SessionAddress session;
};
struct KeyGone {
  AuthKeyId key;
};
// The client no longer wants this answer (rpc_drop_answer).
struct AnswerDropped {
  SessionAddress from;
  MessageId message;
};
// The connection is to be closed after what take_output() still gives.
struct HostFailed {
  boost::system::error_code why;
};

using HostEvent =
    std::variant<Request, KeyMade, SessionSeen, SessionGone, KeyGone, AnswerDropped, HostFailed>;

class Host {
 public:
  Host(HostOptions, KeyRing&, tl::Random&, ByteView proxy_secret = {});
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  void connect(Time now, UnixTime wall);
  // The client came by a place of the test environment, as if options.test were true.
  void come_to_test();
  void receive(ByteView bytes, Time now);
  void tick(Time now);
  std::optional<Time> deadline() const;
  bool take_output(Bytes& out);
  std::vector<HostEvent> take_events();
  WorkList take_work();
  void done(std::unique_ptr<Work>, Time now);

  // Wraps a boxed answer (or rpc_error) in rpc_result. False where this session is not on this
  // connection (it is kept and sent when the session is seen again).
  bool answer(const SessionAddress&, MessageId request, ByteView result, Time now);
  // A content message of the server's own: updates.
  bool push(const SessionAddress&, ByteView body, Time now);

  // What the client dialled and speaks, for logs.
  std::optional<Framing> framing() const;
  bool obfuscated() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mtproto
