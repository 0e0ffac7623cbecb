// Lines that are too long to be read where others wait: their rest is kept as text, and read apart.
#include <catch2/catch.hpp>

#include "server/channel/line_channel.hpp"
#include "tests/server/channel/recorder.hpp"

using namespace server;
using namespace server::channel;
using support::Errands;
using support::Recorder;
using Seen = std::vector<std::string>;

namespace {

constexpr std::size_t longest = std::size_t{16} << 20;

std::string long_line(std::size_t size = 200'000) {
  return R"({"message":{"a":")" + std::string(size, 'x') + "\"}}";
}

struct Lines {
  explicit Lines(std::size_t memory = std::size_t{64} << 20)
      : meter(memory), channel(recorder, meter, errands.runner(), longest) {}

  bool feed(std::string_view text, std::size_t piece = 64 << 10) {
    bool open = true;
    for (; !text.empty() && open; text.remove_prefix(std::min(piece, text.size()))) {
      open = channel.feed(tl::as_bytes(text.substr(0, piece)));
    }
    return open;
  }

  MemoryMeter meter;
  Recorder recorder;
  Errands errands;
  LineChannel channel;
};

}  // namespace

TEST_CASE("What comes behind a long line is told behind it") {
  Lines lines;
  const auto line = long_line();
  CHECK(lines.feed("{\"a\":1}\n" + line + "\n{\"b\":2}\n{bad\n" + line + "\n{\"c\":3}\n{\"d\":"));
  CHECK(lines.recorder.seen == Seen{R"({"a":1})"});
  CHECK(lines.recorder.busy == std::vector<bool>{true});
  lines.errands.bring_back();
  CHECK(lines.feed("4}\n"));
  lines.errands.bring_back();
  const Seen all{R"({"a":1})", line,         R"({"b":2})", R"(-2 JSONDecodeError pos=1 doc="{bad")",
                 line,         R"({"c":3})", R"({"d":4})"};
  CHECK(lines.recorder.seen == all);
  CHECK(!lines.recorder.busy.back());
}

TEST_CASE("The end of the input is told behind a long last line") {
  Lines lines;
  lines.feed(long_line());
  CHECK(lines.channel.end());
  CHECK(!lines.recorder.ended);
  lines.errands.bring_back();
  CHECK(lines.recorder.seen.size() == 1);
  CHECK(lines.recorder.ended);
}

TEST_CASE("A long line that is no JSON is told with its place, and the next one works") {
  Lines lines;
  lines.feed("{}\n{\"a\":\"" + std::string(100'000, 'x') + "\" nonsense}\n{\"b\":2}\n");
  lines.errands.bring_back();
  REQUIRE(lines.recorder.seen.size() == 3);
  CHECK(lines.recorder.seen[1].starts_with("-2 JSONDecodeError pos=100008"));
  CHECK(lines.recorder.seen[2] == R"({"b":2})");
}

TEST_CASE("A long first line that is no object is the last that is read") {
  Lines lines;
  CHECK(lines.feed("[\"" + std::string(100'000, 'x') + "\"]\n{\"b\":2}\n"));
  lines.errands.bring_back();
  CHECK(lines.recorder.wrong_start);
  CHECK(lines.recorder.seen.size() == 1);
  lines.feed("{\"c\":3}\n");
  CHECK(lines.recorder.seen.size() == 1);
}

TEST_CASE("Values that take many times their text are refused at the bound of memory") {
  constexpr std::size_t memory = std::size_t{8} << 20;
  Lines lines(memory);
  lines.feed("{}\n{\"message\":{\"a\":[1");
  std::string ones;
  for (int i = 0; i < 32'000; ++i) ones += ",1";
  for (int i = 0; i < 60; ++i) {  // 4 MB, which would be 60 of values
    lines.feed(ones);
    CHECK(lines.meter.used() <= memory);
  }
  lines.feed("]}}\n{\"b\":2}\n");
  lines.errands.bring_back();
  REQUIRE(lines.recorder.seen.size() == 3);
  CHECK(lines.recorder.seen[1] == "-2 Busy limit=8388608");
  CHECK(lines.recorder.seen[2] == R"({"b":2})");
}

TEST_CASE("They are refused, too, where the first piece of their text is a long one") {
  constexpr std::size_t memory = std::size_t{8} << 20;
  Lines lines(memory);
  std::string line = R"({"message":{"a":[1)";
  while (line.size() < 2'000'000) line += ",1";
  lines.feed("{}\n");
  lines.feed(line + "]}}\n{\"b\":2}\n", std::size_t{4} << 20);
  lines.errands.bring_back();
  REQUIRE(lines.recorder.seen.size() == 3);
  CHECK(lines.recorder.seen[1] == "-2 Busy limit=8388608");
  CHECK(lines.recorder.seen[2] == R"({"b":2})");
}

TEST_CASE("The stacks of a line that does not end are on the meter") {
  Lines lines;
  std::string ones = R"({"message":{"a":[1)";
  while (ones.size() < 60'000) ones += ",1";
  lines.feed(ones);  // some 30,000 values of 16 bytes
  CHECK(lines.meter.used() > 480'000);
  CHECK(lines.recorder.seen.empty());
}

TEST_CASE("The text of a long line is on the meter before it is kept") {
  constexpr std::size_t memory = std::size_t{4} << 20;
  Lines lines(memory);
  const std::string piece(64 << 10, 'x');
  lines.feed("{}\n{\"a\":\"");
  for (int i = 0; i < 100; ++i) {
    lines.feed(piece);
    CHECK(lines.meter.used() <= memory);
  }
  CHECK(lines.recorder.seen.back() == "-2 Busy limit=4194304");
  CHECK(lines.meter.used() < 10'000);
}

TEST_CASE("What is fed while a line is read apart is bounded, too") {
  constexpr std::size_t memory = std::size_t{2} << 20;
  Lines lines(memory);
  lines.feed("{}\n" + long_line(500'000) + "\n");
  const std::string piece(64 << 10, 'y');
  lines.feed("{\"b\":\"");
  for (int i = 0; i < 100; ++i) {
    lines.feed(piece);
    CHECK(lines.meter.used() <= memory + 1024);
  }
  lines.feed("\"}\n{\"c\":3}\n");
  lines.errands.bring_back();
  REQUIRE(lines.recorder.seen.size() == 4);
  CHECK(lines.recorder.seen[2] == "-2 Busy limit=2097152");
  CHECK(lines.recorder.seen[3] == R"({"c":3})");
}

TEST_CASE("A reader that goes while its line is read apart is told nothing") {
  Recorder recorder;
  Errands errands;
  MemoryMeter meter(std::size_t{64} << 20);
  {
    LineChannel channel(recorder, meter, errands.runner(), longest);
    channel.feed(tl::as_bytes("{}\n" + long_line() + "\n"));
  }
  errands.bring_back();
  CHECK(recorder.seen == Seen{"{}"});
  CHECK(meter.used() == 0);
}
