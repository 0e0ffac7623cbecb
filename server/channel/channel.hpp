// What is spoken on a client's connection once that is known: bytes in, bytes out. A client's
// socket (server/process/client.hpp) drives it, in one thread.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "mtproto/time.hpp"
#include "server/protocol/long_text.hpp"
#include "tl/bytes.hpp"

namespace server::channel {

class Channel {
 public:
  virtual ~Channel() = default;

  virtual void receive(tl::ByteView bytes, mtproto::Time now) = 0;
  // The peer closed its sending side; what it asked is still to be answered.
  virtual void end(mtproto::Time now) = 0;
  virtual void tick(mtproto::Time) {}
  virtual std::optional<mtproto::Time> deadline() const { return {}; }
  // Some of the output is on its way while more of it waits: the peer reads.
  virtual void progressed(mtproto::Time) {}
  // All of the output is on its way, which does not say that anybody reads it.
  virtual void written(mtproto::Time) {}
  // The peer does not read (or does again).
  virtual void set_above_high_watermark(bool) {}
  // The process ends: nothing more is taken, what was asked is answered.
  virtual void drain() = 0;
  // There was time for that, and it is over: a last word, where the protocol has one.
  virtual void leave() {}
  // The socket is gone. Nothing may be said to the sink any more.
  virtual void close() = 0;
  // Bytes that wait here and are not in the sink yet.
  virtual std::size_t held() const { return 0; }
  // The memory that they take and that is not on the meter yet: some of it may be text that is made
  // only while it is sent.
  virtual std::size_t memory_usage() const { return 0; }
};

// The way out, given by whoever drives the channel.
class ByteSink {
 public:
  virtual ~ByteSink() = default;

  // Output is appended to this, and then flushed.
  virtual LongText& out() = 0;
  virtual void flush() = 0;
  // What held() says has changed.
  virtual void update_usage() = 0;
  // deadline() may be another.
  virtual void wake() = 0;
  // Nothing more is read while paused.
  virtual void pause(bool paused) = 0;
  // After what is in `out`. With `linger` the peer may still be talking, and is given a second to
  // read our last words.
  virtual void close_when_flushed(bool linger) = 0;
  // At once; `why` is for the log.
  virtual void reset(std::string_view why) = 0;
  // Another channel takes the connection over, beginning with `bytes`.
  virtual void become(std::unique_ptr<Channel> next, tl::ByteView bytes, mtproto::Time now) = 0;
};

}  // namespace server::channel
