// JSON text to TL and back, beside what Boost.JSON takes for the text alone: to parse it into a
// monotonic resource, and to serialize the document. To TL by both ways: the quick one, and the one
// with values in between, which says what is wrong with a text.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <boost/json.hpp>
#include <memory_resource>
#include <vector>

#include "tests/bench/pieces/dialogs.hpp"
#include "tests/support/api_schema.hpp"
#include "tl/codec.hpp"
#include "tl/encode_quickly.hpp"
#include "tl/json_reader.hpp"

namespace {

namespace json = boost::json;

// Room that stays from one text to the next: both sides have it.
constexpr std::size_t room = std::size_t{4} << 20;

const std::string& text() {
  static const std::string made = bench::dialogs(100);
  return made;
}

// What people send: a text of 200 bytes to somebody whom they know.
const std::string& sent() {
  static const std::string made =
      R"({"_cons":"messages.sendMessage","peer":{"_cons":"inputPeerUser","user_id":777000000,)"
      R"("access_hash":-6212482037480093121},"message":")" +
      std::string(200, 'x') + R"(","random_id":4127482037480093121})";
  return made;
}

using Way = bool (*)(std::string_view, tl::Arena&, tl::Bytes&);

bool by_values(std::string_view text, tl::Arena& arena, tl::Bytes& out) {
  const auto value = tl::read_json(text, arena);
  return value && tl::encode(support::api_schema(), *value, {}, out);
}

bool quickly(std::string_view text, tl::Arena&, tl::Bytes& out) {
  return tl::encode_quickly(support::api_schema(), text, {}, out).has_value();
}

tl::Bytes encoded(std::string_view text) {
  std::pmr::monotonic_buffer_resource arena;
  tl::Bytes bytes;
  if (!by_values(text, arena, bytes)) throw std::runtime_error("it does not encode");
  return bytes;
}

void told(benchmark::State& state, std::string_view text) {
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) *
                          static_cast<std::int64_t>(state.iterations()));
}

void encode(benchmark::State& state, std::string_view text, Way way) {
  std::vector<char> memory(room);
  const auto wanted = encoded(text);
  tl::Bytes bytes;
  for (auto _ : state) {
    std::pmr::monotonic_buffer_resource arena(memory.data(), memory.size());
    bytes.clear();
    if (!way(text, arena, bytes)) {
      state.SkipWithError("it does not encode");
      break;
    }
    benchmark::DoNotOptimize(bytes.data());
  }
  if (bytes != wanted) state.SkipWithError("other bytes");
  told(state, text);
}

void json_to_tl(benchmark::State& state) { encode(state, text(), quickly); }
BENCHMARK(json_to_tl);
void json_values_to_tl(benchmark::State& state) { encode(state, text(), by_values); }
BENCHMARK(json_values_to_tl);
void sent_to_tl(benchmark::State& state) { encode(state, sent(), quickly); }
BENCHMARK(sent_to_tl);
void sent_values_to_tl(benchmark::State& state) { encode(state, sent(), by_values); }
BENCHMARK(sent_values_to_tl);

void json_parse(benchmark::State& state) {
  std::vector<unsigned char> memory(room);
  for (auto _ : state) {
    json::monotonic_resource arena(memory.data(), memory.size());
    benchmark::DoNotOptimize(json::parse(text(), &arena));
  }
  told(state, text());
}
BENCHMARK(json_parse);

void tl_to_json(benchmark::State& state) {
  const auto& schema = support::api_schema();
  const auto due = schema.constructor_by_name("messages.dialogs")->result;
  const auto bytes = encoded(text());
  std::string out;
  for (auto _ : state) {
    out.clear();
    tl::decode_text(schema, due, bytes, tl::Notation::classic, out);
    benchmark::DoNotOptimize(out.data());
  }
  if (out != text()) state.SkipWithError("it comes back as another text");
  told(state, text());
}
BENCHMARK(tl_to_json);

// Its text is a new string each time. With the allocator's usual way of giving large memory back to
// the kernel it takes twice as long, or not, as the other benchmarks of the process have left things.
void keep_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 64 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

void json_serialize(benchmark::State& state) {
  keep_memory();
  const auto document = json::parse(text());
  for (auto _ : state) benchmark::DoNotOptimize(json::serialize(document));
  told(state, text());
}
BENCHMARK(json_serialize);

}  // namespace
