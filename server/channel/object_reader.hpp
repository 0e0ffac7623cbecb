// The text of one JSON object after another, in pieces cut anywhere, into values. Where an object
// ends is for the channel to say (a line, a WebSocket message, a brace). Nothing of the text is
// kept but the values read so far and, for an error, its first bytes.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/failure.hpp"
#include "server/memory_meter.hpp"
#include "tl/json_reader.hpp"
#include "tl/value.hpp"

namespace server::channel {

// Where the objects go.
class ObjectTaker {
 public:
  virtual ~ObjectTaker() = default;
  virtual void on_value(std::unique_ptr<RequestArena> arena, const tl::Value& value) = 0;
  // `bytes` of text were no request.
  virtual void on_failure(std::string_view id, const Failure&, std::size_t bytes) = 0;
};

class ObjectReader {
 public:
  // What was read since the last finish().
  enum class Outcome : std::uint8_t {
    nothing,    // white space
    taken,      // an object
    no_object,  // JSON, but no object
    no_json,
    too_much,  // refused before its end, which was skipped
  };

  ObjectReader(ObjectTaker& taker, MemoryMeter& meter, std::size_t longest);

  // The longest text of an object from the next one on.
  void set_longest(std::size_t longest) { longest_ = longest; }

  void feed(std::string_view text);
  // The end of an object, if one was begun; tells the taker what it was. With `strict` JSON that is
  // no object is told as no JSON.
  Outcome finish(bool strict = false);
  // Within an object that is none: it is long enough to be quoted.
  bool hopeless() const;

 private:
  struct Text {
    std::unique_ptr<RequestArena> arena;
    std::optional<tl::JsonReader> reader;
    std::size_t size = 0;
    bool bad = false;
  };

  void begin();
  void refuse(const Failure&);

  ObjectTaker& taker_;
  MemoryMeter& meter_;
  std::size_t longest_;
  std::size_t blank_ = 0;  // white space at the start
  std::optional<Text> text_;
  MemoryShare share_;      // text that the reader holds until it is a value
  std::string start_;      // the first bytes, as they came
  bool skipping_ = false;  // to the end of what was refused
};

}  // namespace server::channel
