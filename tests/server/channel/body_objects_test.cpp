// Objects in a body without lines.
#include "server/channel/body_objects.hpp"

#include <catch2/catch.hpp>

#include "tests/server/channel/recorder.hpp"

using namespace server;
using namespace server::channel;
using support::Recorder;

namespace {

using Seen = std::vector<std::string>;

Seen read(std::string_view text, std::size_t piece = 1000, bool pauses = false) {
  MemoryMeter meter(1 << 20);
  Recorder recorder;
  support::Errands errands;
  {
    ObjectReader reader(recorder, meter, errands.runner(), 1000);
    BodyObjects objects(reader);
    while (!text.empty()) {
      objects.feed(text.substr(0, piece));
      if (pauses) objects.pause();
      text.remove_prefix(std::min(piece, text.size()));
    }
    objects.end();
  }
  CHECK(meter.used() == 0);
  return recorder.seen;
}

}  // namespace

TEST_CASE("Objects of a body need no lines between them") {
  const Seen both{R"({"a":1})", R"({"b":{"c":[2]}})"};
  CHECK(read(R"({"a":1}{"b":{"c":[2]}})") == both);
  CHECK(read("{\"a\":1}\n{\"b\":{\"c\":[2]}}\n") == both);
  CHECK(read("\r\n {\"a\":\n 1\n}\n\n{\"b\":\n{\"c\":[2]}}") == both);
}

TEST_CASE("Objects of a body are the same however it is cut") {
  const std::string text = R"({"a":"}{\"\\"} {"b":["]",{"x":"\\"}]}[1]{"c":3})";
  const auto whole = read(text);
  CHECK(whole ==
        Seen{R"({"a":"}{\"\\"})", R"({"b":["]",{"x":"\\"}]})", "-3 TypeError", R"({"c":3})"});
  for (std::size_t piece = 1; piece < 9; ++piece) CHECK(read(text, piece) == whole);
}

TEST_CASE("What is no object takes the rest of the body with it") {
  CHECK(read(R"(hello {"a":1})") == Seen{R"(-2 JSONDecodeError pos=0 doc="hello {\"a\":1}")"});
  CHECK(read(R"({"a":1)") == Seen{R"(-2 JSONDecodeError pos=6 doc="{\"a\":1")"});
}

TEST_CASE("Objects with a comma between them are refused together, however they are cut") {
  for (std::size_t piece = 1; piece < 30; ++piece) {
    CAPTURE(piece);
    CHECK(read(R"({"a":1},{"b":2})", piece) ==
          Seen{R"(-2 JSONDecodeError pos=7 doc="{\"a\":1},{\"b\":2}")"});
    CHECK(read("{\"a\":1} \t,\n{\"b\":2}", piece).size() == 1);
    CHECK(read(R"([{"a":1},{"b":2}])", piece) == Seen{"-3 TypeError"});
    CHECK(read("{\"a\":1}\n{\"b\":2},{\"c\":3}", piece) ==
          Seen{R"({"a":1})", R"(-2 JSONDecodeError pos=8 doc=" {\"b\":2},{\"c\":3}")"});
  }
}

TEST_CASE("Files with byte order marks make a body together") {
  for (std::size_t piece = 1; piece < 8; ++piece) {
    CAPTURE(piece);
    CHECK(read("\xEF\xBB\xBF{\"a\":1}\xEF\xBB\xBF{\"b\":2}\n\xEF\xBB\xBF{}", piece) ==
          Seen{R"({"a":1})", R"({"b":2})", "{}"});
  }
}

TEST_CASE("A client that pauses behind an object gets its reply before it goes on") {
  CHECK(read(R"({"a":1} {"b":2})", 7, true) == Seen{R"({"a":1})", R"({"b":2})"});
  CHECK(read(R"({"a":1},{"b":2})", 7, true) ==
        Seen{R"({"a":1})", R"(-2 JSONDecodeError pos=0 doc=",{\"b\":2}")"});
}

TEST_CASE("A bad object between good ones is told, and the next one works") {
  CHECK(read(R"({"a":1}{]}{"b":2})").size() >= 2);
  CHECK(read(R"({"a":1}{"x":}{"b":2})") ==
        Seen{R"({"a":1})", R"(-2 JSONDecodeError pos=5 doc="{\"x\":}")", R"({"b":2})"});
}

TEST_CASE("Nothing but white space holds no object") { CHECK(read(" \r\n\t ").empty()); }
