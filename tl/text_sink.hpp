// What the decoder sees, as JSON text appended to a string: no document in between.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "tl/base64.hpp"
#include "tl/bytes.hpp"
#include "tl/codec.hpp"
#include "tl/json_text.hpp"
#include "tl/numbers.hpp"

namespace tl {

template <Notation notation>
class TextSink {
 public:
  explicit TextSink(std::string& out) : out_(out) {}

  struct Mark {};
  static constexpr bool classic = notation == Notation::classic;

  void nat(std::uint32_t value) { append_number(std::int64_t{value}, out_); }
  void int32(std::int32_t value) { append_number(std::int64_t{value}, out_); }
  void int64(std::int64_t value) {
    if constexpr (!classic) out_ += '"';
    append_number(value, out_);
    if constexpr (!classic) out_ += '"';
  }
  void float64(double value) { append_real(value, out_); }
  void string(std::string_view value) {
    if (try_json_string(value, out_)) return;
    out_ += "{\"_bytes\":";
    bytes(as_bytes(value));
    out_ += '}';
  }
  void bytes(ByteView value) {
    out_ += '"';
    append_base64(value, out_);
    out_ += '"';
  }
  void boolean(bool value) {
    if constexpr (classic) {
      out_ += value ? R"({"_cons":"boolTrue"})" : R"({"_cons":"boolFalse"})";
    } else {
      out_ += value ? "true" : "false";
    }
  }
  void true_bit() { out_ += classic ? R"({"_cons":"true"})" : "true"; }

  Mark begin_object(const Combinator& combinator) {
    out_ += combinator.head;
    return {};
  }
  void field(const Field& field) { out_ += field.key; }
  void end_object(Mark) { out_ += '}'; }

  Mark begin_array(std::uint32_t) {
    out_ += '[';
    return {};
  }
  void item(std::uint32_t i) {
    if (i != 0) out_ += ',';
  }
  void end_array(Mark) { out_ += ']'; }

  void begin_answer_vector() {
    if constexpr (classic) out_ += R"({"_cons":"vector","_items":)";
  }
  void end_answer_vector() {
    if constexpr (classic) out_ += '}';
  }
  static std::string_view answer_vector_path() { return classic ? "_items" : ""; }

 private:
  std::string& out_;
};

}  // namespace tl
