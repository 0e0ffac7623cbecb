// Where a connection's objects go: a channel, which knows how they are framed and how much of them
// its client has not taken yet.
#pragma once

#include <string_view>

#include "server/protocol/long_text.hpp"

namespace server {

class ObjectSink {
 public:
  virtual ~ObjectSink() = default;
  // One object's JSON text is to be appended to what this gives; then complete(). `secret`: it
  // holds a session, and must not share a compressed stream with anything.
  virtual LongText& begin() = 0;
  virtual void complete(bool secret = false) = 0;
  // What the connection holds for its client has changed.
  virtual void update_usage() {}
  // The connection's deadline may be another.
  virtual void wake() = 0;
  // No more is to come: once all is written the client is let go.
  virtual void finish() = 0;
  // At once, whatever waits; `why` is for the log.
  virtual void reset(std::string_view why) = 0;
};

}  // namespace server
