// The bytes of one HTTP request, where they come in odd pieces or never end.
#include "server/http/request_reader.hpp"

#include <catch2/catch.hpp>

using server::http::RequestReader;
using Step = RequestReader::Step;

namespace {

constexpr std::string_view chunked_head =
    "POST /json HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

struct Reading {
  Step read(std::string_view bytes) {
    in += bytes;
    std::string_view rest(in);
    const auto step = reader.read(rest, [&](std::string_view part, bool pause) {
      body += part;
      pauses += pause;
    });
    in = std::string(rest);
    return step;
  }
  RequestReader reader{1000};
  std::string in, body;
  int pauses = 0;
};

}  // namespace

TEST_CASE("A chunked body without a chunk may come byte by byte") {
  Reading reading;
  REQUIRE(reading.read(chunked_head) == Step::head);
  for (const char c : std::string_view("0\r\n\r")) {
    CHECK(reading.read(std::string_view(&c, 1)) == Step::more);
  }
  CHECK(reading.read("\n") == Step::done);
}

TEST_CASE("What came of a short chunk is passed on before the next comes") {
  Reading reading;
  REQUIRE(reading.read(chunked_head) == Step::head);
  CHECK(reading.read("2\r\n{}") == Step::more);
  CHECK(reading.body == "{}");
  CHECK(reading.read("\r\n1\r\n!") == Step::more);
  CHECK(reading.body == "{}!");
}

TEST_CASE("The end of a chunk is told with its last piece") {
  Reading reading;
  REQUIRE(reading.read(chunked_head) == Step::head);
  CHECK(reading.read("4\r\n{}") == Step::more);
  CHECK(reading.pauses == 0);
  CHECK(reading.read("{}") == Step::more);
  CHECK(reading.body == "{}{}");
  CHECK(reading.pauses == 1);
}

TEST_CASE("What stands between chunks and behind the last is bounded like a head") {
  const std::string much(RequestReader::longest_head, 'x');
  for (const auto* begin : {"1;", "0\r\nName: "}) {
    Reading reading;
    REQUIRE(reading.read(chunked_head) == Step::head);
    CHECK(reading.read(begin) == Step::more);
    CHECK(reading.read(much) == Step::failed);
  }
}

TEST_CASE("Several lines of Connection, and of Upgrade, are one list") {
  for (const auto* lines :
       {"Connection: Upgrade\r\nUpgrade: websocket",
        "Connection: keep-alive, Upgrade\r\nUpgrade: h2c, WebSocket",
        "Connection: close\r\nConnection: Upgrade\r\nUpgrade: websocket",
        "Upgrade: websocket\r\nConnection: keep-alive\r\nConnection: upgrade",
        "Upgrade: h2c\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nConnection: x"}) {
    INFO(lines);
    Reading reading;
    REQUIRE(reading.read("GET /ws HTTP/1.1\r\n" + std::string(lines) + "\r\n\r\n") == Step::head);
    CHECK(reading.reader.head().websocket);
  }
  for (const auto* lines : {"Connection: close\r\nUpgrade: websocket", "Connection: Upgrade",
                            "Connection: keep\r\nConnection: upgrades\r\nUpgrade: websocket"}) {
    INFO(lines);
    Reading reading;
    REQUIRE(reading.read("GET /ws HTTP/1.1\r\n" + std::string(lines) + "\r\n\r\n") == Step::head);
    CHECK_FALSE(reading.reader.head().websocket);
  }
}
