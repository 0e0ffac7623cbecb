// One request of a client, from its line to its reply.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mtproto/ids.hpp"
#include "mtproto/session/session.hpp"
#include "mtproto/time.hpp"
#include "server/account/session_string.hpp"
#include "server/connection/encode_work.hpp"
#include "server/connection/retry_policy.hpp"
#include "server/memory_meter.hpp"
#include "server/protocol.hpp"
#include "tl/codec.hpp"

namespace server {

// Where a request is sent: to the session's own data centre, whatever its number, or to another.
using Place = std::int32_t;
inline constexpr Place at_home = 0;

// A request as the link of its place knows it.
struct Ticket {
  Place at = at_home;
  mtproto::RequestId request;
  bool operator==(const Ticket&) const = default;
};

struct TicketHash {
  std::size_t operator()(const Ticket& ticket) const noexcept {
    return std::hash<std::uint64_t>{}(ticket.request.value() * 1024 +
                                      static_cast<std::uint64_t>(ticket.at));
  }
};

struct Exchange {
  enum class State : std::uint8_t {
    queued,     // not begun: others before it are not through
    encoding,   // its message is on the pool
    resolving,  // a name in it is being asked for
    signing,    // a step of sign-in
    waiting,    // for one that is carried out in another data centre (`after`)
    sent,       // Telegram has it, or will as soon as there is a connection
    sleeping,   // a FLOOD_WAIT that it may wait for
    decoding,   // the answer is on the pool
    finished,   // its reply waits for one under the same id
  };

  explicit Exchange(MemoryMeter& meter) : share(meter) {}
  // Bytes that it keeps, beside its arena.
  std::size_t weight() const;

  std::uint64_t number = 0;  // in the order of arrival
  bool own = false;          // the gateway's, to keep a QR code fresh; no client waits for it
  Request request;
  std::unique_ptr<RequestArena> arena;      // what `request` views; gone once it was sent
  MemoryShare share;                        // of weight()
  bool large = false;                       // its message takes long to look through
  std::unique_ptr<EncodedMessage> encoded;  // on the pool; taken by its next beginning
  mtproto::Time begun{};
  mtproto::Time deadline{};
  mtproto::Time wake{};     // while sleeping
  mtproto::Time sent_at{};  // its message, or the question that it waits for
  State state = State::queued;

  std::optional<account::SessionFormat> session_as;  // how its session is asked for

  tl::Encoding encoding;
  tl::Notation notation = tl::Notation::classic;
  tl::Bytes body;              // kept to be sent again
  std::size_t sent_bytes = 0;  // of the link's copy of it
  mtproto::SendOptions send;
  Place at = at_home;             // where it is carried out
  std::optional<Ticket> sent;     // while there is no answer
  std::size_t after_through = 0;  // so many of `after` hold it back no more
  bool written = false;           // it may have reached Telegram
  bool interrupted = false;       // it was written, and then the connection was lost
  bool unreached = false;         // a connection failed while it waited
  Attempts attempts;
  unsigned names_asked = 0;

  LongText reply;  // while finished
};

}  // namespace server
