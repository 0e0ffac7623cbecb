#include "tests/tl/generated_json.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "tl/base64.hpp"
#include "tl/json_text.hpp"
#include "tl/value.hpp"

namespace codec_test {
namespace {

constexpr int unbounded = 1000;
constexpr int small_from = 2;  // deeper than this, as little as possible

std::vector<int> heights(const tl::Schema& schema) {
  std::vector<int> out(schema.combinators().size(), unbounded);
  const auto height_of = [&](tl::TypeRef type) {
    if (type.kind == tl::Kind::bare) return out[type.index];
    if (type.kind != tl::Kind::boxed) return 0;
    int least = unbounded;
    for (const auto place : schema.type(type.index).constructors) {
      least = std::min(least, out[place]);
    }
    return least;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < out.size(); ++i) {
      int height = 0;
      for (const auto& field : schema.combinators()[i].fields) {
        if (!field.conditional()) height = std::max(height, height_of(field.type));
      }
      if (height + 1 < out[i]) {
        out[i] = height + 1;
        changed = true;
      }
    }
  }
  return out;
}

constexpr std::array<std::int64_t, 8> longs{
    0, 1, -1, INT64_MAX, INT64_MIN, 9007199254740993, -4294967296, 1700000000000};
constexpr std::array<std::int64_t, 6> ints{0, 1, -1, INT32_MAX, INT32_MIN, 1700000000};
constexpr std::array<std::string_view, 8> doubles{
    "0", "1", "52.37", "-0", "1e+22", "5e-324", "1.7976931348623157e+308", "\"NaN\""};
constexpr std::array<std::string_view, 6> strings{
    "",
    "x",
    "line\nquote\"back\\slash\tand\x01",
    "héllo, мир, 😀",
    "0123456789abcdef",
    "a string that is longer than the short ones are"};

}  // namespace

GeneratedJson::GeneratedJson(const tl::Schema& schema, tl::Notation notation, bool all_flags)
    : schema_(schema),
      plain_(notation == tl::Notation::plain),
      all_flags_(all_flags),
      heights_(heights(schema)) {}

std::string GeneratedJson::of(const tl::Combinator& combinator, std::uint64_t seed) {
  random_.seed(seed);
  std::string out;
  object(combinator, 0, out);
  return out;
}

void GeneratedJson::object(const tl::Combinator& combinator, int depth, std::string& out) {
  out += "{\"_cons\":\"" + std::string(combinator.name) + "\"";
  for (const auto& field : combinator.fields) {
    if (field.is_flags) continue;
    if (field.conditional() && (!all_flags_ || depth > small_from)) continue;
    out.append(",\"").append(field.name).append("\":");
    value(field.type, combinator, depth + 1, out);
  }
  out += '}';
}

void GeneratedJson::value(tl::TypeRef type, const tl::Combinator& around, int depth,
                          std::string& out) {
  const auto bytes = [&](std::size_t size) {
    tl::Bytes data(size);
    for (auto& byte : data) byte = static_cast<std::uint8_t>(random_());
    out += '"';
    tl::append_base64(data, out);
    out += '"';
  };
  switch (type.kind) {
    case tl::Kind::nat:
      return number(UINT32_MAX, false, out);
    case tl::Kind::int32:
      return number(ints[random_() % ints.size()], false, out);
    case tl::Kind::int64:
      return number(longs[random_() % longs.size()], plain_, out);
    case tl::Kind::float64:
      out += doubles[random_() % doubles.size()];
      return;
    case tl::Kind::string:
      if (random_() % 8 == 0) {
        out += R"({"_bytes":"//4A"})";
      } else {
        tl::write_json_string(strings[random_() % strings.size()], out);
      }
      return;
    case tl::Kind::bytes:
      return bytes(random_() % 300);
    case tl::Kind::int128:
      return bytes(16);
    case tl::Kind::int256:
      return bytes(32);
    case tl::Kind::boolean: {
      const bool set = random_() % 2 == 0;
      if (plain_) {
        out += set ? "true" : "false";
      } else {
        out += set ? R"({"_cons":"boolTrue"})" : R"({"_cons":"boolFalse"})";
      }
      return;
    }
    case tl::Kind::true_bit:
      out += plain_ ? "true" : R"({"_cons":"true"})";
      return;
    case tl::Kind::vector: {
      const auto count = depth > small_from ? random_() % 2 : 2;
      out += '[';
      for (std::size_t i = 0; i < count; ++i) {
        if (i != 0) out += ',';
        value(schema_.element(type.index), around, depth, out);
      }
      out += ']';
      return;
    }
    case tl::Kind::boxed:
      return object(pick(schema_.type(type.index), depth), depth, out);
    case tl::Kind::bare:
      return object(schema_.combinator(type.index), depth, out);
    case tl::Kind::any:
      return object(around.is_function ? *schema_.function_by_name("help.getConfig")
                                       : *schema_.constructor_by_name("inputPeerSelf"),
                    depth, out);
  }
}

const tl::Combinator& GeneratedJson::pick(const tl::Type& type, int depth) {
  const auto& all = type.constructors;
  if (depth <= small_from) return schema_.combinator(all[random_() % all.size()]);
  return schema_.combinator(*std::min_element(
      all.begin(), all.end(), [&](auto a, auto b) { return heights_[a] < heights_[b]; }));
}

void GeneratedJson::number(std::int64_t value, bool quoted, std::string& out) {
  if (quoted) out += '"';
  out += std::to_string(value);
  if (quoted) out += '"';
}

}  // namespace codec_test
