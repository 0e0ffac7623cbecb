// Lines out of bytes that are cut anywhere.
#include <catch2/catch.hpp>

#include "server/channel/first_byte.hpp"
#include "server/channel/line_channel.hpp"
#include "server/channel/object_text.hpp"
#include "tests/server/channel/recorder.hpp"

using namespace server;
using namespace server::channel;
using support::Errands;
using support::Recorder;

namespace {

struct Result {
  std::vector<std::string> seen;
  bool open = true;
  bool operator==(const Result&) const = default;
};

Result feed(std::string_view text, std::size_t piece, std::size_t longest = 1000,
            std::size_t memory = 1 << 20) {
  MemoryMeter meter(memory);
  Recorder recorder;
  Errands errands;
  Result result;
  {
    LineChannel channel(recorder, meter, errands.runner(), longest);
    while (!text.empty() && result.open) {
      const auto part = text.substr(0, piece);
      result.open = channel.feed(tl::as_bytes(part));
      text.remove_prefix(part.size());
    }
    if (result.open) result.open = channel.end();
    errands.bring_back();
    CHECK(recorder.ended == result.open);
  }
  CHECK(meter.used() == 0);
  result.seen = recorder.seen;
  return result;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("A text that ends where terminals cut a line is told so") {
  const auto line = [](std::size_t size) {
    return R"({"id":7,"a":")" + std::string(size - 13, 'x') + "\n";
  };
  const auto text_of = [](const std::string& text) {
    MemoryMeter meter(1 << 20);
    server::channel::ObjectText read(meter, 0);
    read.add(std::string_view(text).substr(0, text.size() - 1));
    const auto result = read.finish(true);
    return std::get<server::channel::NoObject>(result).failure.text;
  };
  CHECK(text_of(line(4095)) ==
        "the text ends too early, just where terminals cut what is pasted (`stty -icanon` before "
        "that lets all of it through) at byte 4095");
  CHECK(text_of(line(4094)) == "the text ends too early at byte 4094");
  CHECK(text_of(line(4097)) == "the text ends too early at byte 4097");
  auto broken = line(4095);
  broken[10] = '!';
  CHECK(text_of(broken).find("stty") == std::string::npos);
}

TEST_CASE("Lines are the same however the bytes are cut") {
  const std::string text = "{\"a\":1}\r\n\n  \r\n {\"b\":\"\xC3\xA9\"} \n{bad\n[1]\n" +
                           std::string("{\"c\":\"") + std::string(2000, 'x') + "\"}\n{\"d\":4}";
  const auto whole = feed(text, text.size());
  CHECK(whole.open);
  CHECK(whole.seen == Lines{R"({"a":1})", "{\"b\":\"\xC3\xA9\"}",
                            R"(-2 JSONDecodeError pos=1 doc="{bad")", "-3 TypeError",
                            "-2 LineTooLong limit=1000", R"({"d":4})"});
  for (const std::size_t piece : {1, 2, 3, 7, 64, 999}) {
    CAPTURE(piece);
    CHECK(feed(text, piece) == whole);
  }
}

TEST_CASE("A last line counts without its end") {
  CHECK(feed("{}\n{\"x\":1}", 3).seen == Lines{"{}", R"({"x":1})"});
  const auto cut = feed("{}\n{\"x\":", 100);
  CHECK(cut.seen == Lines{"{}", R"(-2 JSONDecodeError pos=5 doc="{\"x\":")"});
}

TEST_CASE("Empty lines are none") {
  CHECK(feed("\n\n\r\n \t\n", 1).seen.empty());
  CHECK(feed("", 1).seen.empty());
}

TEST_CASE("A position counts from the start of the line, white space too") {
  CHECK(feed("{}\n  {x}\n", 100).seen.back() == R"(-2 JSONDecodeError pos=3 doc="  {x}")");
  CHECK(feed("{}\n  {x}\n", 1).seen.back() == R"(-2 JSONDecodeError pos=3 doc="  {x}")");
}

TEST_CASE("A first line that is no JSON object ends the connection, a later one does not") {
  for (const auto* text : {"hello\n{}\n", "[1]\n{}\n", "{]\n{}\n", "42\n{}\n"}) {
    CAPTURE(text);
    const auto result = feed(text, 4);
    CHECK(!result.open);
    REQUIRE(result.seen.size() == 1);
    CHECK(result.seen[0].starts_with("-2 JSONDecodeError"));
  }
  const auto later = feed("{}\nhello\n{}\n", 4);
  CHECK(later.open);
  CHECK(later.seen.size() == 3);
}

TEST_CASE("A first line that is none is refused before its end where that is far") {
  MemoryMeter meter(1 << 20);
  Recorder recorder;
  Errands errands;
  LineChannel channel(recorder, meter, errands.runner(), 1000);
  CHECK(!channel.feed(tl::as_bytes("x" + std::string(300, 'y'))));
  REQUIRE(recorder.seen.size() == 1);
  CHECK(recorder.seen[0].starts_with("-2 JSONDecodeError pos=0"));
}

TEST_CASE("Bytes that are no UTF-8 are no JSON") {
  const auto result = feed("{}\n{\"a\":\"\xFF\"}\n{}\n", 5);
  CHECK(result.seen.size() == 3);
  CHECK(result.seen[1].starts_with("-2 JSONDecodeError pos=6"));
}

TEST_CASE("A line above the limit is told once and the next one works") {
  const std::string at_limit = "{\"a\":\"" + std::string(92, 'x') + "\"}";
  REQUIRE(at_limit.size() == 100);
  CHECK(feed(at_limit + "\n", 9, 100).seen == Lines{at_limit});
  CHECK(feed(at_limit + " \n{}\n", 9, 100).seen == Lines{"-2 LineTooLong limit=100", "{}"});
  CHECK(feed(std::string(500, ' ') + "\n{}\n", 9, 100).seen ==
        Lines{"-2 LineTooLong limit=100", "{}"});
}

TEST_CASE("At the bound of memory a line is refused and forgotten") {
  const std::string big = "{\"a\":\"" + std::string(5000, 'x') + "\"}\n";
  const auto result = feed(big + "{}\n", 512, 10'000, 2000);
  CHECK(result.open);
  CHECK(result.seen == Lines{"-2 Busy limit=2000", "{}"});
}

TEST_CASE("What is wrong with a line is told under the id that it begins with") {
  const std::string broken = R"({"id":5,"message":{"_cons":])";
  for (std::size_t piece = 1; piece < 12; ++piece) {
    CAPTURE(piece);
    const auto result =
        feed("{}\n" + broken + "\n {\"id\":\"a\",}\n{\"x\":1,\"id\":5,}\n{}\n", piece);
    REQUIRE(result.seen.size() == 5);
    CHECK(result.seen[1].starts_with("5 JSONDecodeError pos=27"));
    CHECK(result.seen[2].starts_with("\"a\" JSONDecodeError"));
    CHECK(result.seen[3].starts_with("-2 JSONDecodeError"));
  }
}

TEST_CASE("A line above a limit is told under its id, however it is cut") {
  const std::string lengthy = "{\"id\":5,\"a\":\"" + std::string(5000, 'x') + "\"}\n";
  for (const auto piece : {std::size_t{3}, std::size_t{9}, std::size_t{6000}}) {
    CHECK(feed("{}\n" + lengthy + "{}\n", piece, 100).seen ==
          Lines{"{}", "5 LineTooLong limit=100", "{}"});
  }
  CHECK(feed(lengthy + "{}\n", 512, 10'000, 2000).seen == Lines{"5 Busy limit=2000", "{}"});
}

TEST_CASE("A byte order mark may stand before any line, and a part of one may not") {
  for (std::size_t piece = 1; piece < 6; ++piece) {
    CAPTURE(piece);
    CHECK(feed("\xEF\xBB\xBF{\"a\":1}\n \xEF\xBB\xBF\n{\"b\":2}\n\xEF\xBB\xBF {}", piece).seen ==
          Lines{R"({"a":1})", R"({"b":2})", "{}"});
    const auto part = feed("{}\n\xEF\xBB{}\n\xEF\n{}\n", piece);
    REQUIRE(part.seen.size() == 4);
    CHECK(part.seen[1].starts_with("-2 JSONDecodeError pos=0"));
    CHECK(part.seen[2].starts_with("-2 JSONDecodeError pos=0"));
  }
}

TEST_CASE("The first byte after white space says what is spoken") {
  const auto speech = [](std::string_view text) { return detect(tl::as_bytes(text)); };
  CHECK(!speech(""));
  CHECK(!speech(" \r\n\t"));
  CHECK(speech("\n {") == Speech::json);
  CHECK(speech("\xEF\xBB\xBF\n{") == Speech::json);
  CHECK(!speech("\xEF\xBB"));
  CHECK(speech("\xEF{") == Speech::other);
  CHECK(speech("GET / HTTP/1.1") == Speech::http);
  CHECK(speech("POST /") == Speech::http);
  CHECK(speech("\x16\x03\x01") == Speech::tls);
  for (const auto* other : {"[", "a", "0", "\"", "\x80", "@"}) {
    CHECK(speech(other) == Speech::other);
  }
}
