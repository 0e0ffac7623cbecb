#include "server/logs/logger.hpp"

#include <spdlog/sinks/ostream_sink.h>

#include <catch2/catch.hpp>
#include <sstream>

TEST_CASE("Whatever a line of the log holds, it is one line and moves no cursor") {
  std::ostringstream out;
  spdlog::logger logger("test", std::make_shared<spdlog::sinks::ostream_sink_st>(out));
  logger.set_formatter(server::logs::line_formatter());
  logger.info("refused host=\"{}\"", "a\n2026-01-01 error forged\x1b[2J\xC2\x9b\xE2\x80\xAE\x9b");
  const auto line = out.str();
  CHECK(line.ends_with(
      " info refused host=\"a\\n2026-01-01 error forged\\u001b[2J\\u009b\\u202e\\x9b\"\n"));
  CHECK(line.find('\n') == line.size() - 1);
}

TEST_CASE("A formatter's copy escapes, too") {
  std::ostringstream out;
  spdlog::logger logger("test", std::make_shared<spdlog::sinks::ostream_sink_st>(out));
  logger.set_formatter(server::logs::line_formatter()->clone());
  logger.warn("\x7f");
  CHECK(out.str().ends_with(" warning \\u007f\n"));
}
