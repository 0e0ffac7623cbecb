// The JSON text of a large object, made in parts as it is wanted: until then there are only its
// bytes, which are smaller. It is gone over once before, so that it is known how long the text is,
// and that nothing in it is wrong, before the first part goes anywhere.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "tl/codec.hpp"
#include "tl/decode_progress.hpp"

namespace tl {

struct DecodeFailure;

class TextParts {
 public:
  // `body` is shared by copies; whoever makes it says what becomes of it at the end.
  using Body = std::shared_ptr<const void>;

  // None, of no text.
  TextParts() = default;
  // `bytes` lie in `body`. size() is 0 until it is measured.
  TextParts(std::shared_ptr<const Schema> schema, TypeRef due, Notation notation, Body body,
            ByteView bytes, PartSizes sizes = {});

  // What decode_text() would append is what the parts hold together. too_long: that is more than
  // `longest`, and there are no parts. `given`: as decode_text_within() has it.
  Decoded measure(std::size_t longest, GivenLongs* given = nullptr);

  // How much text is still to come.
  std::size_t size() const { return left_; }
  // Appends the next part.
  void next(std::string& out);
  // What is left, which stays here, a part at a time, for as long as `take` wants more.
  template <class Take>
  void each_part(Take take) const {
    auto copy = *this;
    std::string part;
    do {
      part.clear();
      copy.next(part);
    } while (take(std::string_view(part)) && copy.size() != 0);
  }

 private:
  // What stands around the bytes of what is not as the scheme says.
  struct Quotation {
    std::string before, behind;
  };

  template <Notation notation>
  bool walk_in(std::string& out, GivenLongs* given, DecodeFailure& failure);
  bool walk(std::string& out, GivenLongs* given, DecodeFailure& failure);
  void quote(const DecodeFailure& failure);
  void quote_part(std::string& out);

  std::shared_ptr<const Schema> schema_;
  TypeRef due_{};
  Notation notation_ = Notation::classic;
  Body body_;
  ByteView bytes_;
  PartSizes sizes_;
  std::size_t left_ = 0;
  DecodeProgress progress_;
  std::shared_ptr<const Quotation> quotation_;  // none: it is as it is
  std::size_t quoted_ = 0;                      // bytes
};

}  // namespace tl
