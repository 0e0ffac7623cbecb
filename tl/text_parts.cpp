#include "tl/text_parts.hpp"

#include <algorithm>

#include "tl/decoder.hpp"
#include "tl/part_sink.hpp"
#include "tl/unknown_text.hpp"

namespace tl {
namespace {

// Most parts end a little behind that.
constexpr std::size_t more = std::size_t{8} << 10;

}  // namespace

TextParts::TextParts(std::shared_ptr<const Schema> schema, TypeRef due, Notation notation,
                     Body body, ByteView bytes, PartSizes sizes)
    : schema_(std::move(schema)),
      due_(due),
      notation_(notation),
      body_(std::move(body)),
      bytes_(bytes),
      sizes_(sizes) {}

// True at the end, where there may be a failure.
template <Notation notation>
bool TextParts::walk_in(std::string& out, GivenLongs* given, DecodeFailure& failure) {
  const auto likely = left_ == 0 ? sizes_.part : std::min(sizes_.part, left_);
  TextBuffer buffer(out, likely + more);
  Decoder decoder(*schema_, bytes_, PartSink<notation>(buffer, progress_, sizes_, given), false);
  auto* to = buffer.begin();
  const bool whole = decoder.run_part(due_, to);
  if (whole || progress_.paused) {
    buffer.finish(to);
  } else {
    failure = std::move(decoder.failure());
  }
  return whole || !progress_.paused;
}

bool TextParts::walk(std::string& out, GivenLongs* given, DecodeFailure& failure) {
  switch (notation_) {
    case Notation::classic:
      return walk_in<Notation::classic>(out, given, failure);
    case Notation::plain:
      return walk_in<Notation::plain>(out, given, failure);
    case Notation::automatic:
      break;
  }
  return walk_in<Notation::automatic>(out, given, failure);
}

Decoded TextParts::measure(std::size_t longest, GivenLongs* given) {
  DecodeFailure failure;
  std::size_t size = 0;
  std::string part;
  for (bool over = false; !over;) {
    part.clear();
    over = walk(part, given, failure);
    size += part.size();
    if (size > longest) return Decoded::too_long;
  }
  if (failure.text.empty()) {
    left_ = size;
  } else {
    quote(failure);
    if (left_ > longest) return left_ = 0, Decoded::too_long;
  }
  // From the beginning, with what is known of the strings.
  DecodeProgress again;
  again.utf8 = std::move(progress_.utf8);
  progress_ = std::move(again);
  return quotation_ ? Decoded::unknown : Decoded::whole;
}

void TextParts::next(std::string& out) {
  const auto before = out.size();
  if (quotation_) {
    quote_part(out);
  } else {
    DecodeFailure none;
    walk(out, nullptr, none);
  }
  left_ -= std::min(left_, out.size() - before);
  if (left_ == 0) *this = {};
}

void TextParts::quote(const DecodeFailure& failure) {
  Quotation quotation;
  append_before_unknown(failure, bytes_, quotation.before);
  append_behind_unknown(failure, quotation.behind);
  left_ = quotation.before.size() + base64_size(bytes_.size()) + quotation.behind.size();
  quotation_ = std::make_shared<const Quotation>(std::move(quotation));
}

void TextParts::quote_part(std::string& out) {
  if (quoted_ == 0) out += quotation_->before;
  const auto left = bytes_.subspan(quoted_);
  const auto piece = left.first(std::min(left.size(), sizes_.part / 4 * 3));
  append_base64(piece, out);
  quoted_ += piece.size();
  if (quoted_ == bytes_.size()) out += quotation_->behind;
}

}  // namespace tl
