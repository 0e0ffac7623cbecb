// One request of a client, from its line to its reply.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mtproto/ids.hpp"
#include "mtproto/session/session.hpp"
#include "mtproto/time.hpp"
#include "server/account/call_table.hpp"
#include "server/account/session_string.hpp"
#include "server/connection/encode_work.hpp"
#include "server/connection/retry_policy.hpp"
#include "server/metering/memory_meter.hpp"
#include "server/protocol/protocol.hpp"
#include "tl/codec.hpp"
#include "tl/shared_bytes.hpp"

namespace server {

struct ClientRequest {
  enum class State : std::uint8_t {
    queued,     // not begun: others before it are not through
    opening,    // its named account is being loaded, or at another's step of sign-in
    encoding,   // its message is on the pool
    resolving,  // a name in it is being asked for
    signing,    // a step of sign-in
    waiting,    // for one that is carried out in another data centre (`after`)
    sent,       // Telegram has it, or will as soon as there is a connection
    sleeping,   // a FLOOD_WAIT that it may wait for
    decoding,   // the answer is on the pool
    finished,   // its reply waits for one under the same id
  };

  explicit ClientRequest(MemoryMeter& meter) : share(meter) {}
  // Bytes that it keeps, beside its arena.
  std::size_t memory_usage() const;
  // What of it is on the meter.
  std::size_t held() const { return share.size() + (arena ? arena->size() : 0); }
  // Nothing but its reply, and what that is made of, is wanted still.
  void finish();

  std::uint64_t number = 0;  // in the order of arrival
  Request request;
  std::unique_ptr<RequestArena> arena;      // what `request` views; gone once it was sent
  MemoryShare share;                        // of memory_usage()
  bool large = false;                       // its message takes long to look through
  std::unique_ptr<EncodedMessage> encoded;  // on the pool; taken by its next beginning
  mtproto::Time begun{};
  mtproto::Time deadline{};
  mtproto::Time wake{};  // while sleeping
  State state = State::queued;

  std::optional<account::SessionFormat> session_as;  // how its session is asked for
  bool exports = false;  // of a named account, and its token allows that

  tl::Encoding encoding;
  tl::Notation notation = tl::Notation::classic;
  tl::SharedBytes body;        // kept to be sent again, and shared with the session
  std::size_t sent_bytes = 0;  // of a copy, where it was wrapped
  mtproto::SendOptions send;
  mtproto::DcId dc = account::home_dc;  // where it is carried out
  std::optional<account::CallId> call;  // while there is no answer
  std::size_t after_through = 0;        // so many of `after` hold it back no more
  bool unreached = false;               // a connection failed while it waited
  Attempts attempts;
  unsigned names_asked = 0;

  LongText reply;  // while finished
};

}  // namespace server
