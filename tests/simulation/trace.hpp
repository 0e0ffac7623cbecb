// What happened, line by line: time, who, what. Written only in the run that is to be read, as a
// seed that failed fails again; kept in a ring.
#pragma once

#include <deque>
#include <stdexcept>
#include <string>

#include "mtproto/message/unpack.hpp"
#include "mtproto/time.hpp"

namespace simulation {

// A promise that was broken.
struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Trace {
 public:
  Trace(bool on, std::size_t most) : on_(on), most_(most) {}

  // `text` is called only where somebody is going to read it.
  template <class Text>
  void say(mtproto::Time now, const char* who, Text&& text) {
    if (on_) add(now, who, text());
  }
  const std::deque<std::string>& lines() const { return lines_; }

 private:
  void add(mtproto::Time now, const char* who, std::string text);

  bool on_;
  std::size_t most_;
  std::deque<std::string> lines_;
};

// "rpc_result to 65…a0", "msgs_ack 3", "effect 17" …
std::string describe(const mtproto::Message& message);
// A packet: its messages, and under which ids.
std::string describe(const mtproto::Incoming& incoming);
std::string hex(std::uint64_t value);
std::string seconds(mtproto::Duration time);

}  // namespace simulation
