// The text of one JSON object after another, in pieces cut anywhere, into requests. Where an object
// ends is for the channel to say (a line, a WebSocket message, a brace).
//
// A text is read as it comes, and nothing of it is kept but the values so far and its first bytes.
// Of one that is longer than 64 KiB the rest is kept as text and read on the work pool, since
// values of megabytes take longer than others of its thread can wait; what comes behind it waits,
// too. All that is held is on the meter before it is there.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "server/channel/object_text.hpp"
#include "server/metering/memory_meter.hpp"
#include "server/protocol/failure.hpp"
#include "server/protocol/incoming.hpp"
#include "server/upstream/work_runner.hpp"

namespace server::channel {

// Where the objects go, in their order.
class ObjectTaker {
 public:
  virtual ~ObjectTaker() = default;
  virtual void on_object(Incoming&&) = 0;
  // `bytes` of text were no request.
  virtual void on_failure(std::string_view id, const Failure&, std::size_t bytes) = 0;
  // The input has ended, and all of it was told.
  virtual void on_end() = 0;
  // An object is being read elsewhere (or is no more): what is fed meanwhile is held.
  virtual void on_busy(bool busy) = 0;
  // A long text that was to be an object (`strict`) was none: nothing more is read.
  virtual void on_wrong_start() {}
};

class ObjectReader {
 public:
  // What was read since the last finish().
  enum class Outcome : std::uint8_t {
    nothing,    // white space
    taken,      // an object
    later,      // it is told when it is read
    no_object,  // JSON, but no object
    no_json,
    too_much,  // refused before its end, which was skipped
  };

  ObjectReader(ObjectTaker& taker, MemoryMeter& meter, const upstream::WorkRunner& work,
               std::size_t longest);
  ~ObjectReader();
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;

  // What objects are put into from the next one on.
  void set_envelope(std::shared_ptr<const Envelope> envelope) { envelope_ = std::move(envelope); }
  // The longest text of an object from the next one on.
  void set_longest(std::size_t longest) { longest_ = longest; }

  void feed(std::string_view text);
  // The end of an object, if one was begun; tells the taker what it was. With `strict` JSON that is
  // no object is told as no JSON.
  Outcome finish(bool strict = false);
  // Nothing more is fed.
  void end();
  // Within an object that is none: it is long enough to be quoted.
  bool rejected();

 private:
  using Result = std::variant<Incoming, NoObject>;
  class Reading;
  struct Held;

  void skip_blank(std::string_view& piece);
  void begin();
  void refuse(const Failure&);
  Outcome tell(Result result, std::size_t size);
  void read_apart(ObjectText text, bool strict);
  void read_done(Reading&);
  void go_on(Held& held);

  ObjectTaker& taker_;
  MemoryMeter& meter_;
  const upstream::WorkRunner& work_;
  std::size_t longest_;
  std::size_t blank_ = 0;             // white space at the start
  std::size_t marked_ = 0;            // bytes of a byte order mark behind it
  std::unique_ptr<ObjectText> text_;  // none: no object is begun
  std::shared_ptr<const Envelope> envelope_;
  bool skipping_ = false;       // to the end of what was refused
  bool stopped_ = false;        // nothing is read any more
  std::shared_ptr<Held> held_;  // while an object is read elsewhere
};

}  // namespace server::channel
