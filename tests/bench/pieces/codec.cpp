// JSON text to TL and back, beside what Boost.JSON takes for the text alone: to parse it into a
// monotonic resource, and to serialize the document.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <boost/json.hpp>
#include <memory_resource>
#include <vector>

#include "tests/bench/pieces/dialogs.hpp"
#include "tests/support/api_schema.hpp"
#include "tl/codec.hpp"
#include "tl/json_reader.hpp"

namespace {

namespace json = boost::json;

// Room that stays from one text to the next: both sides have it.
constexpr std::size_t room = std::size_t{4} << 20;

const std::string& text() {
  static const std::string made = bench::dialogs(100);
  return made;
}

tl::Bytes encoded() {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(text(), arena);
  tl::Bytes bytes;
  if (!value) throw std::runtime_error("the dialogs are no JSON");
  if (const auto done = tl::encode(support::api_schema(), *value, {}, bytes); !done) {
    throw std::runtime_error(done.error().path + ": " + done.error().text);
  }
  return bytes;
}

void told(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<std::int64_t>(text().size()) *
                          static_cast<std::int64_t>(state.iterations()));
}

void json_to_tl(benchmark::State& state) {
  const auto& schema = support::api_schema();
  std::vector<char> memory(room);
  const auto wanted = encoded();
  tl::Bytes bytes;
  for (auto _ : state) {
    std::pmr::monotonic_buffer_resource arena(memory.data(), memory.size());
    const auto value = tl::read_json(text(), arena);
    bytes.clear();
    if (!value || !tl::encode(schema, *value, {}, bytes)) {
      state.SkipWithError("it does not encode");
      break;
    }
    benchmark::DoNotOptimize(bytes.data());
  }
  if (bytes != wanted) state.SkipWithError("other bytes");
  told(state);
}
BENCHMARK(json_to_tl);

void json_parse(benchmark::State& state) {
  std::vector<unsigned char> memory(room);
  for (auto _ : state) {
    json::monotonic_resource arena(memory.data(), memory.size());
    benchmark::DoNotOptimize(json::parse(text(), &arena));
  }
  told(state);
}
BENCHMARK(json_parse);

void tl_to_json(benchmark::State& state) {
  const auto& schema = support::api_schema();
  const auto due = schema.constructor_by_name("messages.dialogs")->result;
  const auto bytes = encoded();
  std::string out;
  for (auto _ : state) {
    out.clear();
    tl::decode_text(schema, due, bytes, tl::Notation::classic, out);
    benchmark::DoNotOptimize(out.data());
  }
  if (out != text()) state.SkipWithError("it comes back as another text");
  told(state);
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
  told(state);
}
BENCHMARK(json_serialize);

}  // namespace
