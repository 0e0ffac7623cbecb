#include "server/logs/journal.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <string>

using namespace server::logs;

TEST_CASE("A file is the journal's where device and inode are those that systemd names") {
  auto* file = std::tmpfile();
  REQUIRE(file != nullptr);
  const int number = ::fileno(file);
  struct stat about {};
  REQUIRE(::fstat(number, &about) == 0);
  const auto device = std::to_string(about.st_dev), inode = std::to_string(about.st_ino);
  CHECK(is_file(device + ":" + inode, number));
  CHECK_FALSE(is_file(device + ":" + inode + "0", number));
  CHECK_FALSE(is_file(inode + ":" + device, number));
  CHECK_FALSE(is_file("", number));
  CHECK_FALSE(is_file(device + ":" + inode, -1));
  std::fclose(file);
}

TEST_CASE("Priorities are those of syslog") {
  CHECK(priority(Level::error) == "<3>");
  CHECK(priority(Level::warning) == "<4>");
  CHECK(priority(Level::info) == "<6>");
  CHECK(priority(Level::debug) == "<7>");
  CHECK(priority(Level::trace) == "<7>");
}
