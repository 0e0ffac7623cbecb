// Where a connection's objects go: a channel, which knows how they are framed and how much of them
// its client has not taken yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "server/protocol/api_status.hpp"
#include "server/protocol/long_text.hpp"

namespace server {

// What a channel is told of an object, beside its text.
struct ObjectNote {
  bool secret = false;  // it holds a session: no compressed stream is shared with anything else
  ApiStatus status{};   // of a reply in the shape of the HTTP API
  // For another node: up to which number its client has been told the account's log by now.
  std::optional<std::int64_t> log_position{};
};

class ObjectSink {
 public:
  virtual ~ObjectSink() = default;
  // One object's JSON text is to be appended to what this gives; then complete().
  virtual LongText& begin() = 0;
  virtual void complete(ObjectNote note = {}) = 0;
  // What the connection holds for its client has changed.
  virtual void update_usage() {}
  // The connection's deadline may be another.
  virtual void wake() = 0;
  // No more is to come: the client is closed when all is written.
  virtual void finish() = 0;
  // At once, whatever waits; `why` is for the log.
  virtual void reset(std::string_view why) = 0;
};

}  // namespace server
