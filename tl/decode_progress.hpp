// Where a walk over TL bytes has paused, so that it can go on later: the objects, vectors and long
// strings that are open. Whoever has no room for all that a large object becomes takes it in parts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tl/bytes.hpp"
#include "tl/field_walk.hpp"
#include "tl/schema.hpp"

namespace tl {

// Bytes.
struct PartSizes {
  std::size_t part = std::size_t{64} << 10;         // as much text, and a little more
  std::size_t whole_string = std::size_t{8} << 10;  // one up to this is not cut
  // Of one that is; in base64 there is no padding between two.
  std::size_t piece = std::size_t{6} << 10;
};
static_assert(PartSizes().part % 4 == 0 && PartSizes().piece % 3 == 0);

struct DecodeProgress {
  struct Level {
    enum class Kind : std::uint8_t {
      object,
      vector,
      answer_vector,
      string,
      bytes,
      string_as_bytes
    };

    Kind kind = Kind::object;
    int depth = 0;
    // Of an object: the fields that are still to come, and the one that was begun last.
    const Combinator* combinator = nullptr;
    const Step* step = nullptr;
    FieldWalk::Place walk{};
    FieldWalk::Later later{};
    // Of a vector: which item is next, of how many.
    TypeRef item{};
    std::uint32_t next = 0, count = 0;
    // Of a string or of bytes: what is still to be written.
    ByteView rest{};
  };

  std::vector<Level> levels;     // open ones, the innermost last
  std::vector<Level> unwinding;  // the innermost first: they are being left
  std::size_t from = 0;          // how far the bytes are read
  bool begun = false;
  bool paused = false;
  // Whether the long strings are UTF-8, in their order: a second walk need not look again.
  std::vector<bool> utf8;
  std::size_t strings = 0;  // long ones that were begun
};

}  // namespace tl
