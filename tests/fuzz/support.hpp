// What the fuzz targets share. A target is one function of bytes that may not crash and that holds
// what it sees against promises; a broken one ends the process, as libFuzzer wants it. The same
// sources replay their seeds under Catch2 (replay.cpp).
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tl/bytes.hpp"

namespace fuzz {

using tl::Bytes;
using tl::ByteView;

inline void promise(bool kept, const char* what) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

// The input, from its front: choices and pieces. Where it is at its end all are zero or empty.
class Input {
 public:
  explicit Input(ByteView bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto out = rest_.front();
    rest_ = rest_.subspan(1);
    return out;
  }
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < bytes; ++i) out |= std::uint64_t{byte()} << (8 * i);
    return out;
  }
  std::size_t below(std::size_t limit) { return byte() % limit; }
  bool flag() { return byte() % 2 == 1; }
  ByteView take(std::size_t size) {
    const auto out = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(out.size());
    return out;
  }
  // With its length in one byte in front; and of whole words.
  ByteView piece() { return take(byte()); }
  Bytes words() {
    const auto view = take(std::size_t{byte()} * 4);
    Bytes out(view.begin(), view.end());
    out.resize((out.size() + 3) / 4 * 4);
    return out;
  }
  ByteView rest() { return take(rest_.size()); }

 private:
  ByteView rest_;
};

// Pieces of a text as a socket would give them: of `size` bytes, or all at once where that is 0.
template <class Give>
void in_pieces(ByteView bytes, std::size_t size, Give give) {
  if (size == 0) size = std::max<std::size_t>(bytes.size(), 1);
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(size, bytes.size()));
    bytes = bytes.subspan(piece.size());
    give(piece);
  }
}

using Target = void (*)(ByteView);

}  // namespace fuzz

#ifdef FUZZ_REPLAY

#include <catch2/catch.hpp>

namespace fuzz {
void replay(const char* name, Target target);  // replay.cpp
}

#define FUZZ_TARGET(name)                                                                    \
  static void fuzz_##name(fuzz::ByteView);                                                   \
  TEST_CASE("The seeds of " #name " break no promise") { fuzz::replay(#name, fuzz_##name); } \
  static void fuzz_##name(fuzz::ByteView bytes)

#else

#define FUZZ_TARGET(name)                                                             \
  static void fuzz_##name(fuzz::ByteView);                                            \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
    fuzz_##name({data, size});                                                        \
    return 0;                                                                         \
  }                                                                                   \
  static void fuzz_##name(fuzz::ByteView bytes)

#endif
