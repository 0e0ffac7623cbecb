// Texts are quoted by blocks of sixteen bytes and of eight. Both say what a way says that goes byte
// by byte, whatever stands at whatever place.
#include "tl/escaped_text.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/tl/codec_helpers.hpp"
#include "tl/base64.hpp"
#include "tl/json_text.hpp"
#include "tl/writer.hpp"

namespace {

using Text = std::optional<std::string>;  // none: it is no UTF-8

// The length of the sequence at `i` by its code point, or 0.
std::size_t sequence(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t at) -> std::uint32_t {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
  };
  const auto lead = byte(i);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC0 || lead >= 0xF8) return 0;
  std::uint32_t point = lead & (0x7F >> size);
  for (std::size_t tail = 1; tail < size; ++tail) {
    if (byte(i + tail) >> 6 != 2) return 0;
    point = point << 6 | (byte(i + tail) & 0x3F);
  }
  const std::uint32_t least = size == 4 ? 0x10000 : size == 3 ? 0x800 : 0x80;
  if (point < least || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return 0;
  return size;
}

Text slowly(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto size = sequence(text, i);
    if (size == 0) return {};
    const auto c = static_cast<unsigned char>(text[i]);
    const std::string_view shortly = "\n\"\\\r\t\b\f";
    if (const auto which = shortly.find(text[i]); which != shortly.npos) {
      out += '\\';
      out += "n\"\\rtbf"[which];
    } else if (c < 0x20) {
      out += "\\u00";
      out += "0123456789abcdef"[c >> 4];
      out += "0123456789abcdef"[c & 15];
    } else {
      out += text.substr(i, size);
    }
    i += size;
  }
  return out;
}

// Each in memory of its own that ends where it may not be read any more; and what can be read
// behind a text is such as would be seen if it were taken for a part of it.
template <class Put>
Text put(std::string_view text, std::size_t behind, Put put) {
  const auto memory = std::make_unique<char[]>(text.size() + behind);
  text.copy(memory.get(), text.size());
  for (std::size_t i = 0; i < behind; ++i) memory[text.size() + i] = "\"\xFF\x80"[i % 3];
  std::string out = "[";
  {
    tl::TextBuffer buffer(out, 1);
    const auto* to = put(std::string_view(memory.get(), text.size()), buffer, buffer.begin());
    if (to == nullptr) return {};
    buffer.finish(to);
  }
  return out.substr(1);
}

template <class Block, class Check>
Text by_blocks(std::string_view text, std::size_t behind) {
  return put(text, behind, [&](std::string_view given, tl::TextBuffer& out, char* to) {
    to = out.reserve(given.size() + tl::escaped_text::slack<Block>, to);
    return tl::escaped_text::put<Block, Check>(given, behind, out, to);
  });
}

Text as_string(std::string_view text, std::size_t behind) {
  const auto quoted = put(text, behind, [&](std::string_view given, tl::TextBuffer& out, char* to) {
    return tl::put_string(given, behind, out, to);
  });
  if (!quoted) return {};
  if (quoted->size() < 2 || quoted->front() != '"' || quoted->back() != '"') return "no quotes";
  return quoted->substr(1, quoted->size() - 2);
}

int different(std::string_view text) {
  const auto expected = slowly(text);
  int count = 0;
  for (const std::size_t behind : {0, 7, 8, 15, 16, 40}) {
    count += by_blocks<tl::WordBlock, tl::WordUtf8Check>(text, behind) != expected ? 1 : 0;
    count += as_string(text, behind) != expected ? 1 : 0;
  }
  return count;
}

// Of `unit` again and again, cut where it has to be.
std::string filled(std::string_view unit, std::size_t size) {
  std::string out;
  while (out.size() < size) out += unit;
  out.resize(size);
  return out;
}

using namespace std::string_view_literals;

const std::vector<std::string_view> specials{"\""sv,
                                             "\\"sv,
                                             "\n"sv,
                                             "\0"sv,
                                             "\x1f"sv,
                                             " "sv,
                                             "\x7f"sv,
                                             "\"\n"sv,
                                             "\x80"sv,
                                             "\xbf"sv,
                                             "\xff"sv,
                                             "\xc3\xa9"sv,
                                             "\xc3"sv,
                                             "\xc0\xaf"sv,
                                             "\xc1\xbf"sv,
                                             "\xe2\x82"sv,
                                             "\xe2\x82\xac"sv,
                                             "\xe2\""sv,
                                             "\xe0\x9f\xbf"sv,
                                             "\xe0\xa0\x80"sv,
                                             "\xed\x9f\xbf"sv,
                                             "\xed\xa0\x80"sv,
                                             "\xf0\x8f\xbf\xbf"sv,
                                             "\xf0\x90\x80\x80"sv,
                                             "\xf0\x9f\x98"sv,
                                             "\xf4\x8f\xbf\xbf"sv,
                                             "\xf4\x90\x80\x80"sv,
                                             "\xf5\x80\x80\x80"sv};

}  // namespace

TEST_CASE("what is special is quoted or refused at any place of a text of any length") {
  for (const auto unit : {"a"sv, "\xd0\xb6"sv, "ab \xe2\x82\xac"sv, "\""sv}) {
    for (std::size_t size = 0; size <= 70; ++size) {
      const auto text = filled(unit, size);
      REQUIRE(different(text) == 0);
      for (std::size_t at = 0; at < size; ++at) {
        for (const auto special : specials) {
          auto with = text;
          with.replace(at, special.size(), special);
          if (different(with) != 0) FAIL(size << " bytes of " << unit << ", at " << at);
        }
      }
    }
  }
}

TEST_CASE("each byte alone and at the end of a block is quoted or refused") {
  for (int byte = 0; byte < 256; ++byte) {
    for (const std::size_t before : {0, 7, 15, 31}) {
      REQUIRE(different(std::string(before, 'x') + static_cast<char>(byte)) == 0);
      REQUIRE(different(std::string(before, 'x') + static_cast<char>(byte) + "\xd0\xb6") == 0);
    }
  }
}

TEST_CASE("blocks of both kinds mark the same bytes") {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t at = 0; at < tl::TextBlock::size; ++at) {
      std::string text(tl::TextBlock::size, 'x');
      text[at] = static_cast<char>(byte);
      const bool high = byte >= 0x80;
      const bool escaped = byte < 0x20 || byte == '"' || byte == '\\';
      const auto check = [&]<class Block>(Block block, std::size_t place) {
        REQUIRE(block.ascii() == !high);
        REQUIRE((block.escaped() != 0) == escaped);
        REQUIRE((block.special() != 0) == (high || escaped));
        if (escaped) {
          REQUIRE(Block::place(block.escaped()) == place);
        }
        REQUIRE(block.plain(Block::size) == (escaped ? place : Block::size));
        REQUIRE(block.first(place).high() == 0);
      };
      check(tl::TextBlock(text.data()), at);
      const auto word = at / tl::WordBlock::size * tl::WordBlock::size;
      check(tl::WordBlock(text.data() + word), at - word);
    }
  }
}

TEST_CASE("a piece cut anywhere is escaped without a look at its UTF-8") {
  for (std::size_t size = 0; size <= 50; ++size) {
    const auto text = filled("\xd0\xb6\xff\"", size);
    std::string expected;
    for (const char c : text) expected += c == '"' ? "\\\"" : std::string(1, c);
    CHECK(put(text, 0, [](std::string_view piece, tl::TextBuffer& out, char* to) {
            return tl::put_inside(piece, out, to);
          }) == expected);
  }
}

TEST_CASE("strings of any length are the same in the middle of an answer and at its end") {
  const auto schema = support::small_schema("list#1 list:Vector<string> = List;");
  for (std::size_t size = 0; size <= 300; ++size) {
    const auto text = filled("\xd0\xb6 \"a", size);
    auto bytes = support::unhex("01000000");
    tl::Writer write(bytes);
    write.vector(2);
    for (int i = 0; i < 2; ++i) write.bytes(tl::as_bytes(text));
    const auto escaped = slowly(text);
    std::string base64;
    tl::append_base64(tl::as_bytes(text), base64);
    const auto one = escaped ? '"' + *escaped + '"' : R"({"_bytes":")" + base64 + "\"}";
    REQUIRE(codec_test::decode(*schema, "List", bytes) ==
            R"({"_cons":"list","list":[)" + one + "," + one + "]}");
    bytes.pop_back();
    CHECK(codec_test::decode(*schema, "List", bytes).starts_with(R"({"_cons":"_unknown")"));
  }
}
