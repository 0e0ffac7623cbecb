// What the decoder sees, as JSON text in parts: it pauses whenever a part is full. A long string is
// cut into pieces, so that no part is much longer than it should be.
#pragma once

#include "tl/base64.hpp"
#include "tl/decode_progress.hpp"
#include "tl/text_sink.hpp"
#include "tl/utf8.hpp"

namespace tl {

template <Notation notation>
class PartSink : public TextSink<notation> {
 public:
  using Place = char*;
  using Kind = DecodeProgress::Level::Kind;

  PartSink(TextBuffer& out, DecodeProgress& progress, PartSizes sizes, GivenLongs* given)
      : TextSink<notation>(out, given), out_(out), progress_(progress), sizes_(sizes) {}

  DecodeProgress& progress() { return progress_; }
  bool full(Place to) const { return out_.written(to) >= sizes_.part; }
  bool is_long(ByteView string) const { return string.size() > sizes_.whole_string; }
  std::size_t piece() const { return sizes_.piece; }

  bool is_long_text(std::string_view text) {
    if (progress_.strings == progress_.utf8.size()) progress_.utf8.push_back(is_utf8(text));
    return progress_.utf8[progress_.strings++];
  }
  Place begin_string(Kind kind, Place to) {
    if (kind == Kind::string_as_bytes) to = out_.put("{\"_bytes\":", to);
    return out_.put('"', to);
  }
  Place put_piece(Kind kind, ByteView piece, Place to) {
    if (kind == Kind::string) return put_inside(as_text(piece), out_, to);
    return write_base64(piece, out_.reserve(base64_size(piece.size()), to));
  }
  Place end_string(Kind kind, Place to) {
    to = out_.put('"', to);
    return kind == Kind::string_as_bytes ? out_.put('}', to) : to;
  }

 private:
  TextBuffer& out_;
  DecodeProgress& progress_;
  const PartSizes sizes_;
};

}  // namespace tl
