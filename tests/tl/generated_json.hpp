// JSON of any combinator, in the exact text that decoding its bytes must give: every field with a
// value from an edge, recursive types kept small.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tl/codec.hpp"

namespace codec_test {

class GeneratedJson {
 public:
  GeneratedJson(const tl::Schema& schema, tl::Notation notation, bool all_flags);

  // The same seed gives the same values in both notations.
  std::string of(const tl::Combinator& combinator, std::uint64_t seed);

 private:
  void object(const tl::Combinator& combinator, int depth, std::string& out);
  void value(tl::TypeRef type, const tl::Combinator& around, int depth, std::string& out);
  const tl::Combinator& pick(const tl::Type& type, int depth);
  void number(std::int64_t value, bool quoted, std::string& out);

  const tl::Schema& schema_;
  bool plain_;
  bool all_flags_;
  std::mt19937_64 random_;
  std::vector<int> heights_;  // of each combinator: how deep its smallest value is
};

}  // namespace codec_test
