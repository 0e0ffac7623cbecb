// What a client's socket is to a channel: what it says, and what it wants done.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/channel/channel.hpp"

namespace support {

class ByteSink final : public server::channel::ByteSink {
 public:
  server::LongText& out() override { return waiting; }
  void flush() override {
    ++flushed;
    on_wake();
  }
  void update_usage() override {}
  void wake() override { on_wake(); }
  void pause(bool wanted) override { paused = wanted; }
  void close_when_flushed(bool) override { closing = true; }
  void reset(std::string_view why) override { reset_reason = why; }
  void become(std::unique_ptr<server::channel::Channel> next, tl::ByteView bytes,
              mtproto::Time now) override {
    became = std::move(next);
    became->receive(bytes, now);
  }

  std::string text() const { return waiting.copy(); }
  std::string take() { return std::exchange(waiting, {}).copy(); }

  std::function<void()> on_wake = [] {};
  server::LongText waiting;
  int flushed = 0;
  bool paused = false;
  bool closing = false;
  std::string reset_reason;
  std::unique_ptr<server::channel::Channel> became;
};

}  // namespace support
