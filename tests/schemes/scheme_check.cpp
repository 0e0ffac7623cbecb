// Whether a scheme file can be served: it parses, its ids are the CRC-32 of their texts, and every
// combinator comes back from its bytes as the same text.
//
//   scheme-check FILE…
//
// Says a line for each file; the exit status is 1 where one of them fails.
#include <cstdio>
#include <memory_resource>

#include "tests/support/api_schema.hpp"
#include "tests/support/places.hpp"
#include "tests/tl/generated_json.hpp"
#include "tl/codec.hpp"
#include "tl/combinator_text.hpp"
#include "tl/json_reader.hpp"

namespace {

struct Count {
  std::size_t ids = 0, other_ids = 0, objects = 0;
};

// Ids that are not what the text gives are somebody's decision; they count as they stand.
std::string check_ids(const std::string& file, Count& count) {
  const auto said = [](const auto& problem) {
    return std::to_string(problem.line) + ": " + problem.text;
  };
  const tl::SchemaSource source{file, support::read_file(file)};
  std::pmr::monotonic_buffer_resource arena;
  std::string wrong;
  const auto take = [&](const tl::Statement& statement) {
    const auto combinator = tl::read_combinator(statement, arena);
    if (!combinator) wrong = said(combinator.error());
    if (combinator && combinator->id) {
      ++(combinator->computed_id == *combinator->id ? count.ids : count.other_ids);
    }
    return combinator.has_value();
  };
  const auto read = tl::read_schema_text(source, arena, take);
  return read ? wrong : said(read.error());
}

std::string check_object(const tl::Schema& schema, const tl::Combinator& combinator,
                         const std::string& text, tl::Notation notation) {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(text, arena);
  if (!value) return "the text is no JSON";
  tl::Bytes bytes;
  if (const auto encoded = tl::encode(schema, *value, {}, bytes); !encoded) {
    return encoded.error().path + ": " + encoded.error().text;
  }
  std::string back;
  if (combinator.is_function) {  // it has a result in place of a type
    // One that shares its id with another is only written.
    const auto* reads = schema.function_by_id(combinator.id);
    if (reads == nullptr || reads->name != combinator.name) return "";
    const auto read = tl::decode_value(schema, tl::any_object, bytes, arena, true);
    tl::Bytes again;
    if (!read || !tl::encode(schema, *read, {}, again) || again != bytes) return "other bytes";
    return "";
  }
  if (!tl::decode_text(schema, combinator.result, bytes, notation, back)) return "does not decode";
  return back == text ? "" : "comes back as " + back;
}

// Objects that JSON has words of its own for.
bool is_literal(const tl::Combinator& combinator) {
  return combinator.name == "boolTrue" || combinator.name == "boolFalse" ||
         combinator.name == "true";
}

std::string check_objects(const tl::Schema& schema, Count& count) {
  for (const auto notation : {tl::Notation::classic, tl::Notation::plain}) {
    for (const bool all_flags : {true, false}) {
      codec_test::GeneratedJson generated(schema, notation, all_flags);
      std::uint64_t seed = 1;
      for (const auto& combinator : schema.combinators()) {
        if (combinator.shadowed || is_literal(combinator)) continue;
        const auto text = generated.of(combinator, ++seed);
        const auto problem = check_object(schema, combinator, text, notation);
        if (!problem.empty()) return std::string(combinator.name) + ": " + problem + "\n  " + text;
        ++count.objects;
      }
    }
  }
  return "";
}

std::string check(const std::string& file) {
  Count count;
  auto problem = check_ids(file, count);
  if (!problem.empty()) return problem;
  const std::vector<tl::SchemaSource> sources{
      {file, support::read_file(file)},
      {"mtproto.tl", support::read_file(support::mtproto_tl_file())}};
  const auto schema = tl::Schema::parse(sources);
  if (!schema) return std::to_string(schema.error().line) + ": " + schema.error().text;
  problem = check_objects(**schema, count);
  if (problem.empty()) {
    std::printf("%s: layer %d, %zu ids from their texts, %zu others, %zu objects there and back\n",
                file.c_str(), (*schema)->layer().value_or(0), count.ids, count.other_ids,
                count.objects);
  }
  return problem;
}

}  // namespace

int main(int count, char** arguments) {
  int status = count > 1 ? 0 : 2;
  for (int i = 1; i < count; ++i) {
    const auto problem = check(arguments[i]);
    if (problem.empty()) continue;
    std::fprintf(stderr, "%s: %s\n", arguments[i], problem.c_str());
    status = 1;
  }
  return status;
}
