// A text made in parts is the text that is made at once.
#include <catch2/catch.hpp>

#include <cstring>

#include "tests/tl/codec_helpers.hpp"
#include "tests/tl/generated_json.hpp"
#include "tl/text_parts.hpp"
#include "tl/writer.hpp"

using namespace codec_test;
using tl::Bytes;
using tl::Decoded;
using tl::Notation;
using tl::PartSizes;
using tl::TextParts;
using tl::Writer;

namespace {

constexpr std::size_t any_size = std::size_t{1} << 30;

// A pause wherever there can be one.
constexpr PartSizes tiny{.part = 4, .whole_string = 7, .piece = 3};

TextParts parts_of(const tl::Schema& schema, tl::TypeRef due, tl::ByteView bytes, Notation notation,
                   PartSizes sizes) {
  return {std::shared_ptr<const tl::Schema>(std::shared_ptr<void>(), &schema),
          due,
          notation,
          nullptr,
          bytes,
          sizes};
}

struct Made {
  std::string text;
  std::size_t parts = 0, longest = 0;
  Decoded decoded = Decoded::whole;
};

Made made(const tl::Schema& schema, tl::TypeRef due, tl::ByteView bytes, Notation notation,
          PartSizes sizes) {
  Made out;
  auto parts = parts_of(schema, due, bytes, notation, sizes);
  out.decoded = parts.measure(any_size);
  const auto size = parts.size();
  while (parts.size() != 0) {
    const auto before = out.text.size();
    const auto left = parts.size();
    parts.next(out.text);
    const auto part = out.text.size() - before;
    REQUIRE(left - parts.size() == part);
    out.longest = std::max(out.longest, part);
    ++out.parts;
  }
  CHECK(out.text.size() == size);
  return out;
}

void check_same(const tl::Schema& schema, tl::TypeRef due, tl::ByteView bytes, Notation notation,
                PartSizes sizes) {
  std::string at_once;
  const bool whole = tl::decode_text(schema, due, bytes, notation, at_once);
  const auto in_parts = made(schema, due, bytes, notation, sizes);
  REQUIRE(in_parts.text == at_once);
  REQUIRE(in_parts.decoded == (whole ? Decoded::whole : Decoded::unknown));
}

Bytes many_strings(std::size_t count, std::size_t size) {
  Bytes bytes = support::unhex("02000000");
  Writer write(bytes);
  write.vector(static_cast<std::uint32_t>(count));
  for (std::size_t i = 0; i < count; ++i) write.bytes(Bytes(size, 'x'));
  return bytes;
}

}  // namespace

TEST_CASE("every constructor is the same text in parts") {
  const auto notation = GENERATE(Notation::classic, Notation::plain, Notation::automatic);
  const bool all_flags = GENERATE(true, false);
  const auto& schema = support::api_schema();
  GeneratedJson generated(schema, Notation::classic, all_flags);
  std::uint64_t seed = 1;
  for (const auto& combinator : schema.combinators()) {
    if (combinator.is_function || combinator.shadowed) continue;
    const auto bytes = encode(schema, generated.of(combinator, ++seed)).bytes;
    check_same(schema, combinator.result, bytes, notation, tiny);
  }
}

TEST_CASE("an object that is cut short or too long is the same _unknown in parts") {
  const auto& schema = support::api_schema();
  GeneratedJson generated(schema, Notation::classic, true);
  for (const auto* name : {"userFull", "messageMediaPhoto", "pageBlockTable", "config"}) {
    auto bytes = encode(schema, generated.of(*schema.constructor_by_name(name), 5)).bytes;
    const auto due = schema.constructor_by_name(name)->result;
    for (std::size_t size = 0; size < bytes.size(); size += 4) {
      check_same(schema, due, {bytes.data(), size}, Notation::classic, tiny);
    }
    bytes.resize(bytes.size() + 4);
    check_same(schema, due, bytes, Notation::classic, tiny);
  }
}

TEST_CASE("any word of an object overwritten is the same text in parts") {
  const auto& schema = support::api_schema();
  GeneratedJson generated(schema, Notation::plain, true);
  for (const auto* name : {"messageMediaPhoto", "pageBlockTable", "updates.state"}) {
    const auto bytes = encode(schema, generated.of(*schema.constructor_by_name(name), 11)).bytes;
    for (const std::uint32_t word : {0U, 0xFFFFFFFFU, 0x1cb5c415U, 0x7FFFFFFFU, 0xFEFEFEFEU}) {
      for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) {
        auto changed = bytes;
        std::memcpy(changed.data() + at, &word, 4);
        check_same(schema, tl::any_object, changed, Notation::plain, tiny);
      }
    }
  }
}

TEST_CASE("a vector as an answer, a long text, bytes and what is no UTF-8 are the same in parts") {
  const auto schema =
      support::small_schema("a#1 x:string y:bytes z:string = A; many#2 x:Vector<string> = Many;");
  const auto notation = GENERATE(Notation::classic, Notation::plain);
  auto strings = many_strings(5, 20);
  check_same(*schema, tl::any_object, strings, notation, tiny);
  check_same(*schema, *schema->find_type("Vector<string>"), tl::ByteView(strings).subspan(4),
             notation, tiny);
  strings.resize(strings.size() - 8);
  check_same(*schema, *schema->find_type("Vector<string>"), tl::ByteView(strings).subspan(4),
             notation, tiny);
  for (const std::size_t size : {7, 8, 9, 10, 11, 12, 13, 100}) {
    Bytes bytes = support::unhex("01000000");
    const std::string text = std::string(size, '"') + "\xc3\xa9\n";
    Writer(bytes).bytes(tl::as_bytes(text)).bytes(Bytes(size, 0xff)).bytes(Bytes(size, 0xff));
    check_same(*schema, tl::any_object, bytes, notation, tiny);
  }
}

TEST_CASE("a part is little more than 64 KiB, whatever the object holds") {
  const auto schema =
      support::small_schema("a#1 x:string y:bytes z:string = A; many#2 x:Vector<string> = Many;");
  const auto half_a_million = std::size_t{1} << 19;
  const auto escaped = GENERATE(false, true);
  Bytes bytes = support::unhex("01000000");
  const Bytes text(half_a_million, escaped ? 1 : 'x');
  Writer(bytes).bytes(text).bytes(text).bytes(Bytes(half_a_million, 0xff));
  for (const auto& object : {bytes, many_strings(5'000, 300), Bytes(3 * half_a_million, 0x11)}) {
    const auto in_parts = made(*schema, tl::any_object, object, Notation::plain, {});
    CHECK(in_parts.parts >= in_parts.text.size() / (112 << 10));
    CHECK(in_parts.longest <= 112 << 10);
    check_same(*schema, tl::any_object, object, Notation::plain, {});
  }
}

TEST_CASE("a text in parts that would be too long has none") {
  const auto schema = support::small_schema("many#2 x:Vector<string> = Many;");
  const auto bytes = many_strings(1000, 300);
  const auto size = made(*schema, tl::any_object, bytes, Notation::plain, {}).text.size();
  auto fits = parts_of(*schema, tl::any_object, bytes, Notation::plain, {});
  CHECK(fits.measure(size) == Decoded::whole);
  auto longer = parts_of(*schema, tl::any_object, bytes, Notation::plain, {});
  CHECK(longer.measure(size - 1) == Decoded::too_long);
  CHECK(longer.size() == 0);
  auto unknown =
      parts_of(*schema, tl::any_object, tl::ByteView(bytes).first(100'000), Notation::plain, {});
  CHECK(unknown.measure(100'000) == Decoded::too_long);
}

TEST_CASE("parts can be looked at before they are taken") {
  const auto schema = support::small_schema("many#2 x:Vector<string> = Many;");
  const auto bytes = many_strings(1000, 300);
  std::string whole;
  tl::decode_text(*schema, tl::any_object, bytes, Notation::plain, whole);
  auto parts = parts_of(*schema, tl::any_object, bytes, Notation::plain, {});
  REQUIRE(parts.measure(any_size) == Decoded::whole);
  std::string first;
  parts.each_part([&](std::string_view part) { return first += part, false; });
  CHECK(first.size() < whole.size());
  CHECK(whole.starts_with(first));
  std::string taken;
  parts.next(taken);
  std::string rest;
  parts.each_part([&](std::string_view part) { return rest += part, true; });
  CHECK(taken + rest == whole);
  CHECK(parts.size() == rest.size());
}

TEST_CASE("an object's bytes are let go with its last part") {
  const auto schema = std::shared_ptr(support::small_schema("many#2 x:Vector<string> = Many;"));
  const auto body = std::make_shared<const Bytes>(many_strings(1000, 300));
  TextParts parts(schema, tl::any_object, Notation::plain, body, *body);
  REQUIRE(parts.measure(any_size) == Decoded::whole);
  while (parts.size() != 0) {
    CHECK(body.use_count() == 2);
    std::string part;
    parts.next(part);
  }
  CHECK(body.use_count() == 1);
}
