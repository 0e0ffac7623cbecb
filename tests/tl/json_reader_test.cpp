#include "tl/json_reader.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace {

std::string again(std::string_view text) {
  std::pmr::monotonic_buffer_resource arena;
  tl::JsonError error;
  const auto value = tl::read_json(text, arena, &error);
  if (!value) return "error at " + std::to_string(error.position) + ": " + error.text;
  std::string out;
  tl::write_json(*value, out);
  return out;
}

std::size_t error_position(std::string_view text) {
  std::pmr::monotonic_buffer_resource arena;
  tl::JsonError error;
  REQUIRE_FALSE(tl::read_json(text, arena, &error).has_value());
  CHECK_FALSE(error.text.empty());
  return error.position;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

const std::string rich =
    R"({"a":[1,-0,1.50,"x\ny\u0001\"\\",18446744073709551615,true,null,{}],"é😀":{"":[[],{}]},)"
    R"("n":[-9223372036854775808,9223372036854775807,123456789012345678901234567890,1e400,)"
    R"(-1.25E-7,0.1,1E5],"b":false})";

}  // namespace

TEST_CASE("JSON comes back as it was, numbers with their own text") {
  CHECK(again(rich) == rich);
  CHECK(again("-0") == "-0");
  CHECK(again("0") == "0");
  CHECK(again(" [ 1 , 2 ] \r\n") == "[1,2]");
}

TEST_CASE("escapes are resolved") {
  CHECK(again(R"("\u00e9\ud83d\ude00\/\b\f\n\r\t")") == "\"é😀/\\b\\f\\n\\r\\t\"");
  CHECK(again(R"("a\u0000b")") == R"("a\u0000b")");
}

TEST_CASE("text fed byte by byte equals the whole") {
  std::pmr::monotonic_buffer_resource arena;
  for (std::size_t step : {1, 2, 3, 7}) {
    tl::JsonReader reader(arena);
    for (std::size_t at = 0; at < rich.size(); at += step) {
      REQUIRE(reader.feed(rich.substr(at, step)));
    }
    const auto value = reader.finish();
    REQUIRE(value);
    std::string out;
    tl::write_json(*value, out);
    CHECK(out == rich);
  }
}

TEST_CASE("a text that is not JSON names the byte that can't stand there") {
  CHECK(error_position("") == 0);
  CHECK(error_position("   ") == 3);
  CHECK(error_position("{\"a\":}") == 5);
  CHECK(error_position("[1,2") == 4);
  CHECK(error_position("{} x") == 3);
  CHECK(error_position("{}{}") == 2);
  CHECK(error_position("nul") == 3);
  CHECK(error_position("[1,]") == 3);
  CHECK(error_position("[01]") == 2);
  CHECK(error_position("{'a':1}") == 1);
  CHECK(error_position("NaN") == 0);
  CHECK(error_position("[1/*x*/]") == 2);
}

TEST_CASE("bytes that are no UTF-8 are refused, in pieces too") {
  for (const std::string bad :
       {"\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xc3\"",
        "\"\\ud800\"", "\"\\ud800x\"", "{\"\x80\":1}"}) {
    CAPTURE(bad);
    error_position(bad);
    std::pmr::monotonic_buffer_resource arena;
    tl::JsonReader reader(arena);
    bool good = true;
    for (const char c : bad) good = good && reader.feed({&c, 1});
    CHECK_FALSE((good && reader.finish().has_value()));
  }
}

TEST_CASE("an error keeps its place when text is fed in pieces") {
  std::pmr::monotonic_buffer_resource arena;
  tl::JsonReader reader(arena);
  CHECK(reader.feed("{\"a\":"));
  CHECK(reader.feed("[1,2"));
  CHECK_FALSE(reader.feed(",,"));
  CHECK(reader.error().position == 10);
  CHECK_FALSE(reader.feed("1"));
  CHECK(reader.error().position == 10);
  CHECK_FALSE(reader.finish().has_value());
}

TEST_CASE("nesting of JSON is bounded") {
  CHECK(again(nested(tl::JsonReader::max_depth)) == nested(tl::JsonReader::max_depth));
  CHECK(error_position(nested(tl::JsonReader::max_depth + 1)) == tl::JsonReader::max_depth);
  error_position(std::string(1000000, '['));
}

TEST_CASE("of a key given twice the last counts, and both are kept") {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(R"({"a":1,"b":2,"a":3})", arena);
  REQUIRE(value);
  CHECK((*value)["a"].as_int64() == 3);
  CHECK(value->members().size() == 3);
}

TEST_CASE("long strings and many items survive in pieces") {
  std::string text = "[\"" + std::string(100000, 'x') + "\"";
  for (int i = 0; i < 5000; ++i) text += "," + std::to_string(i * 7919);
  text += "]";
  std::pmr::monotonic_buffer_resource arena;
  tl::JsonReader reader(arena);
  for (std::size_t at = 0; at < text.size(); at += 1000) reader.feed(text.substr(at, 1000));
  const auto value = reader.finish();
  REQUIRE(value);
  std::string out;
  tl::write_json(*value, out);
  CHECK(out == text);
}

TEST_CASE("where memory is refused the text ends there, and says so") {
  class Stingy final : public std::pmr::memory_resource {
    void* do_allocate(std::size_t size, std::size_t alignment) override {
      left -= std::min(left, size);
      if (left == 0) throw std::bad_alloc();
      return std::pmr::new_delete_resource()->allocate(size, alignment);
    }
    void do_deallocate(void* at, std::size_t size, std::size_t alignment) override {
      std::pmr::new_delete_resource()->deallocate(at, size, alignment);
    }
    bool do_is_equal(const memory_resource& other) const noexcept override {
      return this == &other;
    }
    std::size_t left = 20'000;
  };
  std::string text = "[1";
  for (int i = 0; i < 10'000; ++i) text += ",1";
  Stingy stacks;
  std::pmr::monotonic_buffer_resource arena;
  tl::JsonReader of_stacks(arena, stacks);
  CHECK(!of_stacks.feed(text));
  CHECK(of_stacks.error().no_memory);
  CHECK(!of_stacks.feed("]"));
  Stingy values;
  tl::JsonReader of_values(values);
  CHECK(of_values.feed(text));
  CHECK(!of_values.feed("]"));
  CHECK(of_values.error().no_memory);
  CHECK(!of_values.finish());
}
