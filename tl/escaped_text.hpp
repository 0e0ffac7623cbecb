// The inside of a JSON string, in one pass: each block of a text is copied as it stands while it is
// looked at, and what has to be escaped is put over the copy. Whether the text is UTF-8 is checked
// from its first byte that is not ASCII on. RFC 8259 §7.
// By blocks of either kind, so that tests can hold them against each other.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "tl/text_block.hpp"
#include "tl/text_buffer.hpp"
#include "tl/utf8_check.hpp"

namespace tl::escaped_text {

// How a byte below 0x80 is written where it has to be escaped: one word to copy.
struct Escape {
  std::array<char, 7> text{};
  std::uint8_t size = 0;
};
static_assert(sizeof(Escape) == 8);

constexpr std::array<Escape, 128> make_escapes() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<Escape, 128> escapes{};
  for (std::size_t c = 0; c < 0x20; ++c) {
    escapes[c] = {{'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]}, 6};
  }
  constexpr std::string_view short_ones = "\"\"\\\\\nn\rr\tt\bb\ff";
  for (std::size_t i = 0; i < short_ones.size(); i += 2) {
    escapes[static_cast<unsigned char>(short_ones[i])] = {{'\\', short_ones[i + 1]}, 2};
  }
  return escapes;
}

inline constexpr auto escapes = make_escapes();
inline constexpr std::size_t longest_escape = 6;

inline char* put_escape(char c, char* to) {
  const auto& escape = escapes[static_cast<unsigned char>(c)];
  std::memcpy(to, &escape, sizeof escape);
  return to + escape.size;
}

// What may be written beyond as many bytes as the text has, before more room is asked for.
template <class Block>
constexpr std::size_t slack = (longest_escape + 1) * Block::size + sizeof(Escape);

// Those of the `among` bytes at `from` that are marked; all of them stand at `to` as they are.
template <class Block>
char* put_marked(typename Block::Marks marks, const char* from, std::size_t among, char* to) {
  std::size_t done = 0;
  for (; marks != 0; marks &= marks - 1) {
    const auto place = Block::place(marks);
    to = put_escape(from[place], to + (place - done));
    done = place + 1;
    Block(from + done).store(to);
  }
  return to + (among - done);
}

// Room at `to`, below: for as many bytes as the text has, and the slack.

// A text behind which a block can be read. Null where `check` finds what is no UTF-8.
template <class Block, class Check>
[[gnu::noinline]] char* put_any(std::string_view text, Check check, TextBuffer& out, char* to) {
  const auto* at = text.data();
  auto left = text.size();
  for (; left >= Block::size; left -= Block::size, at += Block::size) {
    const Block block(at);
    block.store(to);
    check.block(block);
    const auto marks = block.escaped();
    if (marks == 0) {
      to += Block::size;
    } else {
      to = put_marked<Block>(marks, at, Block::size, to);
      to = out.reserve(left + slack<Block>, to);
    }
  }
  const auto block = Block(at).first(left);
  block.store(to);
  check.block(block);
  to = put_marked<Block>(block.escaped() & Block::among(left), at, left, to);
  return check.good() ? to : nullptr;
}

// Where nothing can be read behind the text, its last bytes are copied to where something can. They
// begin with a whole sequence if it is UTF-8, so that each part is if both together are.
template <class Block, class Check>
[[gnu::noinline]] char* put_apart(std::string_view text, Check check, TextBuffer& out, char* to) {
  const auto is_tail = [&](std::size_t i) {
    return (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
  };
  constexpr std::size_t tails = 3;
  auto size = text.size() - std::min(text.size(), Block::size);
  for (std::size_t i = 0; i < tails && size != 0 && is_tail(size); ++i) --size;
  std::array<char, Block::size + tails + Block::size> last{};
  text.substr(size).copy(last.data(), last.size());
  if (size != 0) to = put_any<Block>(text.substr(0, size), check, out, to);
  if (to == nullptr) return nullptr;
  const auto left = text.size() - size;
  return put_any<Block>({last.data(), left}, check, out, out.reserve(left + slack<Block>, to));
}

// The same, faster for as long as the text is ASCII.
template <class Block, class Check>
[[gnu::noinline]] char* put_ascii(std::string_view text, TextBuffer& out, char* to) {
  const auto* at = text.data();
  auto left = text.size();
  for (; left >= Block::size; left -= Block::size, at += Block::size) {
    const Block block(at);
    block.store(to);
    const auto marks = block.special();
    if (marks == 0) {
      to += Block::size;
    } else {
      if (!block.ascii()) break;
      to = put_marked<Block>(marks, at, Block::size, to);
      to = out.reserve(left + slack<Block>, to);
    }
  }
  return put_any<Block>({at, left}, Check(), out, to);
}

// Any text; `behind`: how many bytes can be read behind it. Null where it is no UTF-8. Most are
// short, and nothing in them is special.
template <class Block, class Check>
[[gnu::always_inline]] inline char* put(std::string_view text, std::size_t behind, TextBuffer& out,
                                        char* to) {
  const bool apart = behind < Block::size;
  const auto* at = text.data();
  auto left = text.size();
  for (; left >= Block::size; left -= Block::size, at += Block::size) {
    const Block block(at);
    block.store(to);
    if (block.special() != 0) break;
    to += Block::size;
  }
  if (left < Block::size) {
    if (left == 0) return to;
    const auto block = apart ? Block(at, left) : Block(at);
    block.store(to);
    if ((block.special() & Block::among(left)) == 0) return to + left;
  }
  if (apart) return put_apart<Block>({at, left}, Check(), out, to);
  const bool ascii = left >= Block::size && Block(at).ascii();
  return ascii ? put_ascii<Block, Check>({at, left}, out, to)
               : put_any<Block>({at, left}, Check(), out, to);
}

}  // namespace tl::escaped_text
