#include "server/logs/logger.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>

using server::logs::Level;
using server::logs::line;

TEST_CASE("Whatever a line of the log holds, it is one line and moves no cursor") {
  const auto text = line(Level::info, "refused host=\"{}\"",
                         {"a\n2026-01-01 error forged\x1b[2J\xC2\x9b\xE2\x80\xAE\x9b"});
  CHECK(text.ends_with(
      " info refused host=\"a\\n2026-01-01 error forged\\u001b[2J\\u009b\\u202e\\x9b\"\n"));
  CHECK(text.find('\n') == text.size() - 1);
}

TEST_CASE("A line of the log begins with the time to milliseconds and the level") {
  std::string shape;
  for (const char c : line(Level::warning, "disk", {})) shape += c >= '0' && c <= '9' ? '9' : c;
  CHECK(shape == "9999-99-99T99:99:99.999 warning disk\n");
}

TEST_CASE("Values stand in the log in the order of their places, numbers with all their digits") {
  const std::string text = "text";
  CHECK(line(Level::debug, "{} {}={}, {}",
             {text, std::numeric_limits<std::int64_t>::min(),
              std::numeric_limits<std::uint64_t>::max(), std::uint8_t{7}})
            .ends_with(" debug text -9223372036854775808=18446744073709551615, 7\n"));
}

TEST_CASE("A value of the log that holds braces takes no other value's place") {
  CHECK(line(Level::error, "{} {}", {"{}", "b"}).ends_with(" error {} b\n"));
}

TEST_CASE("A line that was kept back says how many, in text and in JSON") {
  CHECK(line(Level::info, "conn={} TLS failed", {7}, {}, 3)
            .ends_with(" info conn=7 TLS failed (3 more such since the last)\n"));
  CHECK(line(Level::info, "conn={} TLS failed", {7}, {.json = true}, 3)
            .ends_with(R"("level":"info","conn":7,"left_out":3,"message":"TLS failed"})"
                       "\n"));
}

TEST_CASE("For the journal a line begins with its priority, and text has no time") {
  CHECK(line(Level::warning, "disk", {}, {.journal = true}) == "<4>warning disk\n");
  CHECK(line(Level::error, "disk", {}, {.json = true, .journal = true})
            .starts_with(R"(<3>{"time":")"));
}

TEST_CASE("The time of JSON is UTC, to milliseconds") {
  std::string shape;
  for (const char c : line(Level::info, "disk", {}, {.json = true})) {
    shape += c >= '0' && c <= '9' ? '9' : c;
  }
  CHECK(shape == R"({"time":"9999-99-99T99:99:99.999Z","level":"info","message":"disk"})"
                 "\n");
}
