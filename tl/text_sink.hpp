// What the decoder sees, as JSON text: no document in between.
#pragma once

#include <cstdint>
#include <string_view>

#include "tl/bytes.hpp"
#include "tl/codec.hpp"
#include "tl/json_text.hpp"
#include "tl/rounded.hpp"
#include "tl/text_buffer.hpp"

namespace tl {

template <Notation notation>
class TextSink {
 public:
  // `given`: what is written beyond 2^53 is noted there; none: it is not.
  explicit TextSink(TextBuffer& out, GivenLongs* given = nullptr) : out_(out), given_(given) {}

  using Place = char*;
  struct Mark {};
  static constexpr bool classic = notation == Notation::classic;

  // Each scalar comes behind a key, a bracket or a comma, with room kept for it.
  Place nat(std::uint32_t value, Place to) { return out_.number_behind(value, to); }
  Place int32(std::int32_t value, Place to) { return out_.number_behind(value, to); }
  Place int64(std::int64_t value, Place to) {
    if constexpr (classic) {
      if (given_ != nullptr) given_->note(value);
    }
    const bool quoted = is_quoted(notation, value);
    if (quoted) to = out_.char_behind('"', to);
    to = out_.number_behind(value, to);
    if (quoted) to = out_.char_behind('"', to);
    return to;
  }
  Place float64(double value, Place to) { return put_real(value, out_, to); }
  // `behind`: how many bytes can be read behind it.
  Place string(std::string_view value, std::size_t behind, Place to) {
    const auto mark = out_.size(to);
    to = put_string(value, behind, out_, to);
    return to != nullptr ? to : no_text(value, out_.place(mark));
  }
  Place bytes(ByteView value, Place to) { return put_base64(value, out_, to); }
  Place boolean(bool value, Place to) {
    if constexpr (classic) {
      return value ? out_.text_behind(R"({"_cons":"boolTrue"})", to)
                   : out_.text_behind(R"({"_cons":"boolFalse"})", to);
    } else {
      return value ? out_.text_behind("true", to) : out_.text_behind("false", to);
    }
  }
  Place true_bit(Place to) {
    if constexpr (classic) {
      return out_.text_behind(R"({"_cons":"true"})", to);
    } else {
      return out_.text_behind("true", to);
    }
  }

  Mark mark() const { return {}; }
  Place begin_object(const Combinator& combinator, Place to) {
    return out_.put(combinator.head, to);
  }
  Place field(const Step& step, Place to) { return out_.put(step.key(), to); }
  Place end_object(Mark, Place to) { return out_.put('}', to); }

  Place begin_array(Place to) { return out_.put('[', to); }
  Place item(std::uint32_t i, Place to) { return i == 0 ? to : out_.put(',', to); }
  Place end_array(Mark, Place to) { return out_.put(']', to); }

  Place begin_answer_vector(Place to) {
    if constexpr (classic) to = out_.put(R"({"_cons":"vector","_items":)", to);
    return to;
  }
  Place end_answer_vector(Place to) {
    if constexpr (classic) to = out_.put('}', to);
    return to;
  }
  static std::string_view answer_vector_path() { return classic ? "_items" : ""; }

 private:
  // A string that is no UTF-8.
  [[gnu::cold]] Place no_text(std::string_view value, Place to) {
    to = out_.put("{\"_bytes\":", to);
    return out_.put('}', bytes(as_bytes(value), to));
  }

  TextBuffer& out_;
  GivenLongs* given_;
};

}  // namespace tl
