// JSON lines: bytes, cut anywhere, into one value a line. RFC 8259 a line, `\n` or `\r\n` ended.
// Nothing of a line is kept but the values read so far and, for an error, its first bytes.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/failure.hpp"
#include "server/memory_meter.hpp"
#include "tl/bytes.hpp"
#include "tl/json_reader.hpp"
#include "tl/value.hpp"

namespace server::channel {

// Where the lines go.
class LineReader {
 public:
  virtual ~LineReader() = default;
  virtual void on_value(std::unique_ptr<RequestArena> arena, const tl::Value& value) = 0;
  // `bytes` of a line were no request.
  virtual void on_failure(std::string_view id, const Failure&, std::size_t bytes) = 0;
};

class LineChannel {
 public:
  LineChannel(LineReader& reader, MemoryMeter& meter, std::size_t longest);

  // False once the first line was no JSON object: whoever sent it speaks something else.
  bool feed(tl::ByteView bytes);
  // The end of the input: a last line counts without its `\n`.
  bool end();
  // Within a line, some of which has come.
  bool in_line() const { return line_.has_value() || skipping_; }

 private:
  struct Line {
    std::unique_ptr<RequestArena> arena;
    std::optional<tl::JsonReader> reader;
    std::unique_ptr<MemoryShare> share;  // text that the reader holds until it is a value
    std::string start;                   // the first bytes, as they came
    std::size_t size = 0;                // without `\n`
    bool bad = false;
  };

  void piece(std::string_view text);
  void finish();
  void refuse(std::string_view id, const Failure&, std::size_t bytes);

  LineReader& to_;
  MemoryMeter& meter_;
  const std::size_t longest_;
  std::size_t blank_ = 0;  // white space at the start of the line
  std::optional<Line> line_;
  bool skipping_ = false;  // to the end of a line that was refused
  bool first_ = true;      // no line was taken yet
  bool stopped_ = false;
};

}  // namespace server::channel
