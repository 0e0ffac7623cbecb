// What the decoder sees, as JSON text: no document in between.
#pragma once

#include <cstdint>
#include <string_view>

#include "tl/bytes.hpp"
#include "tl/codec.hpp"
#include "tl/json_text.hpp"
#include "tl/text_buffer.hpp"

namespace tl {

template <Notation notation>
class TextSink {
 public:
  explicit TextSink(TextBuffer& out) : out_(out) { out_.reserve(0); }

  struct Mark {};
  static constexpr bool classic = notation == Notation::classic;

  // Each scalar comes behind a key, a bracket or a comma, with room kept for it.
  void nat(std::uint32_t value) { out_.number_behind(value); }
  void int32(std::int32_t value) { out_.number_behind(value); }
  void int64(std::int64_t value) {
    if constexpr (!classic) out_.char_behind('"');
    out_.number_behind(value);
    if constexpr (!classic) out_.char_behind('"');
  }
  void float64(double value) { put_real(value, out_); }
  void string(std::string_view value) {
    if (put_string(value, out_)) return;
    out_.put("{\"_bytes\":");
    bytes(as_bytes(value));
    out_.put('}');
  }
  void bytes(ByteView value) { put_base64(value, out_); }
  void boolean(bool value) {
    if constexpr (classic) {
      value ? out_.text_behind(R"({"_cons":"boolTrue"})")
            : out_.text_behind(R"({"_cons":"boolFalse"})");
    } else {
      value ? out_.text_behind("true") : out_.text_behind("false");
    }
  }
  void true_bit() {
    if constexpr (classic) {
      out_.text_behind(R"({"_cons":"true"})");
    } else {
      out_.text_behind("true");
    }
  }

  Mark begin_object(const Combinator& combinator) {
    out_.put(combinator.head);
    return {};
  }
  void field(const Step& step) { out_.put(step.key()); }
  void int32_field(const Step& step, std::int32_t value) { out_.put(step.key(), value); }
  void int64_field(const Step& step, std::int64_t value) {
    if constexpr (classic) {
      out_.put(step.key(), value);
    } else {
      field(step);
      int64(value);
    }
  }
  void end_object(Mark) { out_.put('}'); }

  Mark begin_array(std::uint32_t) {
    out_.put('[');
    return {};
  }
  void item(std::uint32_t i) {
    if (i != 0) out_.put(',');
  }
  void end_array(Mark) { out_.put(']'); }

  void begin_answer_vector() {
    if constexpr (classic) out_.put(R"({"_cons":"vector","_items":)");
  }
  void end_answer_vector() {
    if constexpr (classic) out_.put('}');
  }
  static std::string_view answer_vector_path() { return classic ? "_items" : ""; }

 private:
  TextBuffer& out_;
};

}  // namespace tl
