// A text encoded by both ways: the quick one, which may give up, and the one by values, which says
// what is wrong. What both take must come to the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/support/scripted_random.hpp"
#include "tl/codec.hpp"
#include "tl/encode_quickly.hpp"
#include "tl/json_reader.hpp"

namespace codec_test {

struct TwoWays {
  bool quick = false;      // the quick way took it
  bool thorough = false;   // the other one did
  std::string difference;  // empty: there is none
};

inline bool same(const tl::Encoding& a, const tl::Encoding& b) {
  const auto rounded = [](const tl::Encoding& of) {
    return of.rounded ? of.rounded->field + "=" + std::to_string(of.rounded->value) : "";
  };
  return a.combinator == b.combinator && a.innermost == b.innermost && a.result == b.result &&
         a.ignored == b.ignored && a.ignored_more == b.ignored_more && a.drawn == b.drawn &&
         a.lacking == b.lacking && a.layer_at == b.layer_at && rounded(a) == rounded(b);
}

// `options`: each way draws from a source of its own, of the same numbers.
inline TwoWays two_ways(const tl::Schema& schema, std::string_view text,
                        tl::EncodeOptions options = {}, bool draws = false) {
  const tl::Bytes before{1, 2, 3, 4};
  support::ScriptedRandom quick_random, thorough_random;
  TwoWays out;

  auto quick_bytes = before;
  if (draws) options.random = &quick_random;
  const auto quick = tl::encode_quickly(schema, text, options, quick_bytes);
  out.quick = quick.has_value();

  auto bytes = before;
  std::pmr::monotonic_buffer_resource arena;
  if (draws) options.random = &thorough_random;
  const auto value = tl::read_json(text, arena);
  std::optional<tl::Encoding> thorough;
  if (value) {
    if (auto done = tl::encode(schema, *value, options, bytes)) thorough = std::move(*done);
  }
  out.thorough = thorough.has_value();

  if (!quick) {
    if (quick_bytes != before) out.difference = "what stood there before is changed";
  } else if (!thorough) {
    out.difference = "only the quick way takes it";
  } else if (quick_bytes != bytes) {
    out.difference = "other bytes";
  } else if (!same(*quick, *thorough)) {
    out.difference = "the same bytes, told otherwise";
  }
  return out;
}

}  // namespace codec_test
