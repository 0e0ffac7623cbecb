#include <cstring>

#include "tl/base64.hpp"
#include "tl/codec.hpp"
#include "tl/decoder.hpp"
#include "tl/text_sink.hpp"
#include "tl/unknown_text.hpp"
#include "tl/value_sink.hpp"

namespace tl {
namespace {

void append_unknown(const DecodeFailure& failure, ByteView bytes, std::string& out) {
  append_before_unknown(failure, bytes, out);
  append_base64(bytes, out);
  append_behind_unknown(failure, out);
}

template <Notation notation>
Decoded decode_into(const Schema& schema, TypeRef due, ByteView bytes, std::string& out,
                    TextRoom* room, GivenLongs* given) {
  DecodeFailure failure;
  try {
    TextBuffer buffer(out, bytes.size() * 3 + 64, room);
    auto* to = buffer.begin();
    Decoder decoder(schema, bytes, TextSink<notation>(buffer, given), false);
    if (decoder.run(due, to)) {
      buffer.finish(to);
      return Decoded::whole;
    }
    failure = std::move(decoder.failure());
  } catch (const TextBuffer::NoRoom&) {
    return Decoded::too_long;
  }
  constexpr std::size_t around = 1024;  // of the bytes in base64
  if (room != nullptr && !room->take(bytes.size() / 3 * 4 + around + 2 * failure.path.size())) {
    return Decoded::too_long;
  }
  append_unknown(failure, bytes, out);
  return Decoded::unknown;
}

Decoded decode_either(const Schema& schema, TypeRef due, ByteView bytes, Notation notation,
                      std::string& out, TextRoom* room, GivenLongs* given) {
  switch (notation) {
    case Notation::classic:
      return decode_into<Notation::classic>(schema, due, bytes, out, room, given);
    case Notation::plain:
      return decode_into<Notation::plain>(schema, due, bytes, out, room, given);
    case Notation::automatic:
      break;
  }
  return decode_into<Notation::automatic>(schema, due, bytes, out, room, given);
}

}  // namespace

bool decode_text(const Schema& schema, TypeRef due, ByteView bytes, Notation notation,
                 std::string& out) {
  return decode_either(schema, due, bytes, notation, out, nullptr, nullptr) == Decoded::whole;
}

Decoded decode_text_within(TextRoom& room, const Schema& schema, TypeRef due, ByteView bytes,
                           Notation notation, std::string& out, GivenLongs* given) {
  return decode_either(schema, due, bytes, notation, out, &room, given);
}

Result<Value, DecodeProblem> decode_value(const Schema& schema, TypeRef due, ByteView bytes,
                                          Arena& arena, bool functions) {
  if (!bytes.empty()) {
    auto* kept = static_cast<std::uint8_t*>(arena.allocate(bytes.size(), 8));
    std::memcpy(kept, bytes.data(), bytes.size());
    bytes = {kept, bytes.size()};
  }
  Decoder decoder(schema, bytes, ValueSink(arena), functions);
  ValueSink::Place to;
  if (decoder.run(due, to)) return decoder.sink().take();
  auto& failure = decoder.failure();
  return DecodeProblem{failure.offset, std::move(failure.path), std::move(failure.text)};
}

}  // namespace tl
