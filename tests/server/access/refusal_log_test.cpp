// What the operator is told of refusals, and how often.
#include "server/access/refusal_log.hpp"

#include <catch2/catch.hpp>

using namespace server::access;
using namespace std::chrono_literals;

namespace {

const mtproto::Time start{1000s};

Decision unknown(const std::string& host) {
  return {false, "it is not known here as " + host, "--allow-host " + host, false, {}};
}

}  // namespace

TEST_CASE("a kind of refusal is told once an hour, with the flag that would allow it") {
  RefusalLog log;
  CHECK(log.line(unknown("tg.example.org"), start) ==
        "refused: it is not known here as tg.example.org; --allow-host tg.example.org would allow "
        "it");
  CHECK_FALSE(log.line(unknown("tg.example.org"), start + 59min));
  CHECK(log.line(unknown("other.example.org"), start + 59min));
  CHECK(log.line(unknown("tg.example.org"), start + 60min));
}

TEST_CASE("the header is told, and makes no kind of its own") {
  RefusalLog log;
  const Decision first{false, "its Host header is no host", {}, false, "Host: a b"};
  const Decision second{false, "its Host header is no host", {}, false, "Host: c d"};
  CHECK(log.line(first, start) == "refused: its Host header is no host (Host: a b)");
  CHECK_FALSE(log.line(second, start));
}

TEST_CASE("invented hosts neither fill the log nor silence it for good") {
  RefusalLog log;
  int lines = 0;
  for (int i = 0; i < 10'000; ++i) {
    if (log.line(unknown("x" + std::to_string(i)), start)) ++lines;
  }
  CHECK(lines == server::logs::LogLimit::at_once);
  CHECK_FALSE(log.line(unknown("tg.example.org"), start + 9s));
  const auto line = log.line(unknown("tg.example.org"), start + 10s);
  REQUIRE(line);
  CHECK(line->ends_with("would allow it (9991 more such since the last)"));
  for (int i = 0; i < 1000; ++i) {
    CHECK(log.line(unknown("y" + std::to_string(i)),
                   start + 1min + i * server::logs::LogLimit::every));
  }
}
