// Every combinator of the scheme through JSON → TL → JSON.
#include <catch2/catch.hpp>

#include "tests/tl/codec_helpers.hpp"
#include "tests/tl/generated_json.hpp"

using namespace codec_test;
using tl::Notation;

namespace {

struct Case {
  Notation notation;
  bool all_flags;
};

}  // namespace

TEST_CASE("every constructor comes back from its bytes as the same text") {
  const auto chosen = GENERATE(Case{Notation::classic, true}, Case{Notation::classic, false},
                               Case{Notation::plain, true}, Case{Notation::plain, false});
  const auto& schema = support::api_schema();
  GeneratedJson generated(schema, chosen.notation, chosen.all_flags);
  const bool classic = chosen.notation == Notation::classic;
  GeneratedJson other(schema, classic ? Notation::plain : Notation::classic, chosen.all_flags);
  std::uint64_t seed = 1;
  for (const auto& combinator : schema.combinators()) {
    if (combinator.is_function || combinator.shadowed) continue;
    ++seed;
    const auto text = generated.of(combinator, seed);
    const auto encoded = encode(schema, text);
    INFO(text);
    if (!encoded.result) FAIL(encoded.result.error().path << ": " << encoded.result.error().text);
    std::string back;
    REQUIRE(tl::decode_text(schema, combinator.result, encoded.bytes, chosen.notation, back));
    REQUIRE(back == text);
    REQUIRE(encode(schema, other.of(combinator, seed)).bytes == encoded.bytes);
  }
}

TEST_CASE("every combinator comes back from its bytes as the same value, functions too") {
  const bool all_flags = GENERATE(true, false);
  const auto& schema = support::api_schema();
  GeneratedJson generated(schema, Notation::classic, all_flags);
  std::uint64_t seed = 7;
  std::size_t count = 0;
  for (const auto& combinator : schema.combinators()) {
    if (combinator.shadowed) continue;
    const auto text = generated.of(combinator, ++seed);
    const auto encoded = encode(schema, text);
    INFO(text);
    if (!encoded.result) FAIL(encoded.result.error().path << ": " << encoded.result.error().text);
    CHECK(encoded.result->combinator == &combinator);
    std::pmr::monotonic_buffer_resource arena;
    const auto value = tl::decode_value(schema, tl::any_object, encoded.bytes, arena, true);
    REQUIRE(value.has_value());
    CHECK(value->constructor() == combinator.name);
    tl::Bytes again;
    REQUIRE(tl::encode(schema, *value, {}, again).has_value());
    REQUIRE(again == encoded.bytes);
    ++count;
  }
  CHECK(count > 2449);
}

TEST_CASE("no byte of any object can be missing, and none can be too many") {
  const auto& schema = support::api_schema();
  GeneratedJson generated(schema, Notation::classic, true);
  for (const auto* name : {"userFull", "messageMediaPhoto", "future_salts", "config"}) {
    auto bytes = encode(schema, generated.of(*schema.constructor_by_name(name), 5)).bytes;
    REQUIRE_FALSE(bytes.empty());
    const auto due = schema.constructor_by_name(name)->result;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const tl::ByteView cut(bytes.data(), size);
      std::string out = "before";
      REQUIRE_FALSE(tl::decode_text(schema, due, cut, Notation::classic, out));
      REQUIRE(out.starts_with(R"(before{"_cons":"_unknown",)"));
      std::pmr::monotonic_buffer_resource arena;
      REQUIRE(tl::read_json(std::string_view(out).substr(6), arena).has_value());
      REQUIRE_FALSE(tl::decode_value(schema, due, cut, arena).has_value());
    }
    bytes.resize(bytes.size() + 4);
    std::string out;
    CHECK_FALSE(tl::decode_text(schema, due, bytes, Notation::classic, out));
    CHECK(out.find("\"_reason\":\"4 bytes are left over\"") != std::string::npos);
  }
}

TEST_CASE("any word of an object overwritten gives an answer or a whole _unknown") {
  const auto& schema = support::api_schema();
  GeneratedJson generated(schema, Notation::plain, true);
  for (const auto* name : {"messageMediaPhoto", "pageBlockTable", "updates.state"}) {
    const auto bytes = encode(schema, generated.of(*schema.constructor_by_name(name), 11)).bytes;
    for (const std::uint32_t word : {0U, 0xFFFFFFFFU, 0x1cb5c415U, 0x7FFFFFFFU, 0xFEFEFEFEU}) {
      for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) {
        auto changed = bytes;
        std::memcpy(changed.data() + at, &word, 4);
        std::string out;
        tl::decode_text(schema, tl::any_object, changed, Notation::plain, out);
        std::pmr::monotonic_buffer_resource arena;
        tl::JsonError error;
        const auto value = tl::read_json(out, arena, &error);
        INFO(error.text);
        REQUIRE((value.has_value() || error.text.find("nested") != std::string::npos));
      }
    }
  }
}
