// JSON lines: bytes, cut anywhere, into one object a line. RFC 8259 a line, `\n` or `\r\n` ended.
#pragma once

#include "server/channel/object_reader.hpp"
#include "tl/bytes.hpp"

namespace server::channel {

class LineChannel {
 public:
  LineChannel(ObjectTaker& taker, MemoryMeter& meter, const upstream::WorkRunner& work,
              std::size_t longest)
      : reader_(taker, meter, work, longest) {}

  // The longest line from the next one on.
  void set_longest(std::size_t longest) { reader_.set_longest(longest); }

  // False once the first line was no JSON object: whoever sent it speaks something else. (Of a long
  // line the taker hears that later, by on_wrong_start().)
  bool feed(tl::ByteView bytes);
  // The end of the input: a last line counts without its `\n`.
  bool end();
  // Nothing more is fed; a line that was begun is none.
  void stop() { reader_.end(); }

 private:
  void finish();

  ObjectReader reader_;
  bool first_ = true;  // no line was taken yet
  bool stopped_ = false;
};

}  // namespace server::channel
