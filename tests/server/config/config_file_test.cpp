#include "server/config/config_file.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using server::config::parse_config;

namespace {

// "1 port=1543|3 verbose=true", or what is wrong.
std::string read(std::string_view text) {
  const auto entries = parse_config(text, "f.ini");
  if (!entries) return entries.error().text;
  std::string out;
  for (const auto& entry : *entries) {
    if (!out.empty()) out += '|';
    out += std::to_string(entry.line) + " " + entry.key + "=" + entry.value;
  }
  return out;
}

}  // namespace

TEST_CASE("a file of options is read line by line") {
  CHECK(read("port=1\n\n  dc = 2 \r\nverbose\nhost=a=b") ==
        "1 port=1|3 dc=2|4 verbose=true|5 host=a=b");
}

TEST_CASE("comments stand alone or behind a blank") {
  CHECK(read("# port=1\n; x\nport=1 # one\ndc=2\t; two\nverbose # yes\nrsa=a#b\nhost= # none") ==
        "3 port=1|4 dc=2|5 verbose=true|6 rsa=a#b|7 host=");
}

TEST_CASE("quotes keep blanks and comment signs") {
  CHECK(read("a=\" x # y \"\nb='z'  # c\nc=\"\"") == "1 a= x # y |2 b=z|3 c=");
  CHECK(read("a=1\nb=\"open") == "f.ini:2: b: the quotes do not match");
  CHECK(read("b=\"x\"y") == "f.ini:1: b: the quotes do not match");
}

TEST_CASE("the one section may be named, another is an error with its line") {
  CHECK(read("[streamjson]\nport=1") == "2 port=1");
  CHECK(read("port=1\n[other]") == "f.ini:2: an unknown section; [streamjson] is the only one");
}

TEST_CASE("a line without a name is an error") {
  CHECK(read("=5") == "f.ini:1: a name is due before the =");
}

TEST_CASE("a file that can't be read is named") {
  const auto text = server::config::read_small_file("/no/such/file");
  REQUIRE(text.has_error());
  CHECK(text.error().text == "/no/such/file: No such file or directory");
  CHECK(server::config::read_small_file("/").has_error());
}

TEST_CASE("a file's byte order mark is none of its text") {
  const auto file =
      std::filesystem::temp_directory_path() / ("config_file_test_" + std::to_string(::getpid()));
  std::ofstream(file) << "\xEF\xBB\xBFport=1\n";
  CHECK(*server::config::read_small_file(file) == "port=1\n");
  std::filesystem::remove(file);
}
