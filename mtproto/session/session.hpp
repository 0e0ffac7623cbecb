// The client's half of MTProto 2.0: one session of one auth key with one data centre, over one
// TCP connection after another. core.telegram.org/mtproto/description, /service_messages,
// /service_messages_about_messages
//
//   connect(transport) → bytes ⇄ receive()/take_output() → events; disconnect(); connect() again …
//
// It knows no socket and no clock: bytes and the time go in, bytes and events come out. Without
// a key it makes one first. What is sent while there is no connection or no key waits.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
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
#include "tl/shared_bytes.hpp"

namespace mtproto {

struct SessionOptions {
  std::vector<RsaPublicKey> keys;                        // whom a key exchange trusts
  std::int32_t dc = 2;                                   // as the inner data names it
  std::size_t max_unpacked = std::size_t{64} << 20;      // bytes that gzip may unpack to
  Duration keep_alive = std::chrono::seconds{30};        // between pings on a quiet link
  Duration dead_after = std::chrono::seconds{65};        // without a byte from the server
  Duration dead_after_write = std::chrono::seconds{15};  // the same, after something was written
  // Perfect forward secrecy: messages are encrypted by keys that live for a day at most, and only
  // here; the permanent key vouches for them. core.telegram.org/api/pfs
  bool pfs = false;
  Duration temporary_lifetime = std::chrono::hours{24};  // the most; up to a 24th less
};

// What outlives a process: the session line of a client. Of a session with perfect forward secrecy
// it is what a session without it would go on with: the permanent key, and nothing temporary.
struct SessionState {
  std::optional<AuthKey> key;
  SessionId session;  // 0: drawn anew
  std::uint32_t last_seqno =
      0;  // the highest sequence number used; 0 with a session id given: unknown
  std::uint64_t server_salt = 0;
};

// What may be done with a request whose link was lost before its answer.
enum class Repeat : std::uint8_t {
  ask,     // only where the server says that it was not received
  freely,  // as often as it takes: it reads, or carries a random_id
};

struct SendOptions {
  bool api =
      true;  // an API call: wrapped by `prefix` until one was answered; false: a service message
  bool answered = true;  // false: it has no answer (msgs_ack); event Written is all that comes
  Repeat repeat = Repeat::ask;
  std::optional<std::uint32_t> seqno;  // sent exactly so, and not repaired
  std::vector<RequestId> after;        // carried out only after these (invokeAfterMsgs)
  bool bare = false;  // an api call that is not to be wrapped (the client wrapped it itself)
};

// --- events ---

// There is no key yet, or none that may be used: one is being made.
struct KeyExchangeBegun {};
// A key was made (a fresh one, in state().key; or a temporary one, which nobody is shown).
struct KeyCreated {
  bool temporary = false;
};
// Requests can travel on this connection.
struct Ready {};
// The answer of a request: rpc_result's boxed object, unpacked (rpc_error among them), or pong,
// future_salts, msgs_state_info, destroy_session_* of a service call. The request is over.
struct Answer {
  RequestId request;
  tl::Slice body;
};
// A request without an answer went out.
struct Written {
  RequestId request;
};
// A content message that answers nothing: updates, or a bad_msg_notification that no request of
// ours explains.
struct Pushed {
  tl::Slice body;
};
// The server (re)made the state of this session: updates may have been missed.
struct SessionCreated {
  std::uint64_t unique_id = 0;
};
// The request can't be sent at all: its body is above 16 MiB (body_too_long), or no whole number of
// words (malformed_message). The request is over.
struct Refused {
  RequestId request;
  boost::system::error_code why;
};
// It can't be known whether this request was carried out. The request is over.
struct Lost {
  RequestId request;
};
// This connection is of no more use: close it. The session itself goes on with the next connect(),
// except after auth_key_not_found, binding_refused, permanent_key_refused and the errors of a key
// exchange.
struct Failed {
  boost::system::error_code why;
  std::int32_t transport_code = 0;  // what the server said in four bytes, if that
};

using Event = std::variant<KeyExchangeBegun, KeyCreated, Ready, Answer, Written, Pushed,
                           SessionCreated, Refused, Lost, Failed>;

// A packet holds no more.
inline constexpr std::size_t max_body = std::size_t{16} << 20;

class Session {
 public:
  // Many sessions may have the same options.
  Session(std::shared_ptr<const SessionOptions>, SessionState, tl::Random&);
  Session(SessionOptions, SessionState, tl::Random&);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // A new TCP connection is there. `wall` is this machine's clock, believed only until the server
  // says better.
  void connect(Transport, Time now, UnixTime wall);
  // It is gone. Requests stay: what was answered before is over, the others are asked about,
  // resent, or Lost after the next connect.
  void disconnect(Time now);
  bool connected() const;
  bool ready() const;  // connected, with a key

  // Goes around API calls until one of them was answered in this connection
  // (invokeWithLayer(initConnection( …, the query follows). Set again: wraps once more.
  void set_prefix(tl::SharedBytes prefix);
  RequestId send(tl::SharedBytes body, SendOptions, Time now);
  // The caller no longer waits. The server is told (rpc_drop_answer); an answer that comes all the
  // same is acknowledged and dropped.
  void forget(RequestId);
  std::size_t in_flight() const;

  void receive(ByteView bytes, Time now);
  // What gzip may unpack to from here on.
  void set_max_unpacked(std::size_t bytes);
  // Bytes that came and are not passed on: packets that are not whole, or not opened yet.
  std::size_t held_input() const;
  // While paused (the reader downstream is full) missing pongs don't count.
  void pause(bool paused, Time now);
  void tick(Time now);
  // When tick() wants to be called, if at all.
  std::optional<Time> deadline() const;
  // Swaps out what is to be written; false where there is nothing.
  bool take_output(Bytes& out);
  // The peer took some more of an output that it had not had room for.
  void moved(Time now);
  std::vector<Event> take_events();
  // The same into a vector that was used before, whose room is used again.
  void take_events(std::vector<Event>& out);
  WorkList take_work();
  void done(std::unique_ptr<Work>, Time now);

  const SessionState& state() const;
  // The server's clock as this session knows it.
  UnixTime server_time(Time now) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mtproto
