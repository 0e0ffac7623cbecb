// JSON text straight into TL bytes, in one pass and without values in between: the way of what is
// as it should be. At the first thing out of the ordinary it gives up, and the thorough way
// (json_reader.hpp, encoder.hpp) says what is wrong, or does what is rare. So this one knows no
// problem and no pointer, and what both encode is the same, byte by byte.
//
// Members mostly stand in the order of the last object of their constructor, and are compared with
// the one that followed then. Fields are written as they come; their flags are put in behind them,
// and where they came in another order than the scheme's they are moved once the object ends.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "tl/byte_buffer.hpp"
#include "tl/codec.hpp"
#include "tl/json_scanner.hpp"

namespace tl {

class QuickEncoder {
 public:
  QuickEncoder(const Schema& schema, const EncodeOptions& options, std::string_view text,
               Bytes& out);

  // A boxed function or object; false where it is not for this way, and `out` is as it was.
  bool whole();
  Encoding& encoding() { return encoding_; }

 private:
  // More than objects of the API have, and less than either way of reading allows.
  static constexpr int max_depth = 64;
  static constexpr std::size_t max_fields = 64;

  // Where the text is read and the bytes are written; a null pointer where this way is at its end.
  struct Spot {
    const char* at = nullptr;
    std::uint8_t* to = nullptr;
  };
  // Which field followed each one in the last object of a constructor; first, which began it.
  struct Order {
    const Combinator* of = nullptr;
    std::array<std::uint8_t, max_fields + 1> next;
  };
  // The constructor that was last where a type is due.
  struct Guess {
    std::uint32_t type = 0;
    const Combinator* combinator = nullptr;
  };
  struct Object;

  // quick_encoder.cpp: objects and their fields
  const char* constructor_name(const char* at, std::string_view& name) const;
  Spot boxed(TypeRef due, Spot spot, int depth);
  Spot peer(TypeRef due, Spot spot);
  Spot fields(const Combinator& combinator, Spot spot, int depth);
  const char* key(const Combinator& combinator, Order& order, std::size_t last, const char* at,
                  std::size_t& index);
  Spot member(Object& object, std::size_t index, Spot spot, int depth);
  Spot close(Object& object, Spot spot);
  Order& order_of(const Combinator& combinator);

  // quick_layout.cpp: fields that came in another order, and those that are absent
  Spot lay_out(Object& object, std::uint64_t expected, Spot spot);
  std::uint8_t* absent(const Object& object, const Field& field, std::uint8_t* to);
  std::uint8_t* draw(const Object& object, const Field& field, std::uint8_t* to);

  // quick_scalar.cpp
  Spot value(TypeRef due, const Step* field, Spot spot, int depth);
  Spot vector(TypeRef due, const Step* field, Spot spot, int depth);
  Spot int32(Spot spot);
  Spot nat(Spot spot);
  Spot int64(const Step* field, Spot spot);
  Spot float64(Spot spot);
  Spot text(Spot spot);
  Spot base64(Spot spot, std::size_t size);
  Spot boolean(Spot spot);
  const char* true_bit(const char* at, bool& set) const;
  void look_for_rounding(std::int64_t number, const Step* field);

  const Schema& schema_;
  const EncodeOptions& options_;
  const JsonScanner scan_;
  ByteBuffer buffer_;
  std::size_t may_move_;  // bytes that may be moved still, so that all of it stays linear
  Encoding encoding_;
  Bytes scratch_;
  std::array<Guess, 16> guesses_;
  std::array<Order, 32> orders_;
};

}  // namespace tl
