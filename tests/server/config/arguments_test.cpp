#include "server/config/arguments.hpp"

#include <catch2/catch.hpp>

using namespace server::config;

namespace {

// "--port port=1|-h help=true", or what is wrong.
std::string read(const std::vector<std::string>& arguments) {
  const SettingTable table{
      {"", {{"port", "PORT", "", {}}, {"tls", "", "", {}}, {"help", "", "", {}}}}};
  const auto entries = read_arguments(arguments, table);
  if (!entries) return entries.error();
  std::string out;
  for (const auto& entry : *entries) {
    if (!out.empty()) out += '|';
    out += entry.where + " " + entry.name + "=" + entry.value;
  }
  return out;
}

}  // namespace

TEST_CASE("an argument has its value behind it or behind an equals sign") {
  CHECK(read({}).empty());
  CHECK(read({"--port", "1", "--port=2", "--port="}) == "--port port=1|--port port=2|--port port=");
  CHECK(read({"--port=a=b"}) == "--port port=a=b");
}

TEST_CASE("a flag is true unless it is told otherwise, and takes nothing from behind it") {
  CHECK(read({"--tls", "--tls=false"}) == "--tls tls=true|--tls tls=false");
  CHECK(read({"--tls", "false"}) == "false: an option is due, such as --port 1543");
}

TEST_CASE("-h is --help") {
  CHECK(read({"-h"}) == "-h help=true");
  CHECK(read({"-hh"}) == "-hh: no such option");
}

TEST_CASE("an option is no value of another unless an equals sign says so") {
  CHECK(read({"--port", "--tls"}) == "--port: a value is due: --port PORT");
  CHECK(read({"--port", "--tls=x"}) == "--port: a value is due: --port PORT");
  CHECK(read({"--port", "-h"}) == "--port: a value is due: --port PORT");
  CHECK(read({"--port"}) == "--port: a value is due: --port PORT");
  CHECK(read({"--port=--tls"}) == "--port port=--tls");
  CHECK(read({"--port", "-1"}) == "--port port=-1");
  CHECK(read({"--port", "--other"}) == "--port port=--other");
}

TEST_CASE("what is no option is named, without its value, with the nearest that is one") {
  CHECK(read({"--prot=hush"}) == "--prot: no such option; the nearest known is \"port\"");
  CHECK(read({"-port", "1"}) == "-port: no such option; the nearest known is \"port\"");
  CHECK(read({"port=1"}) == "port: an option is due, such as --port 1543");
  CHECK(read({""}) == ": an option is due, such as --port 1543");
  CHECK(read({"-"}) == "-: no such option");
}

TEST_CASE("nothing stands behind two dashes") {
  CHECK(read({"--port", "1", "--"}) == "--port port=1");
  CHECK(read({"--", "--port=1"}) == "--port: nothing may stand behind \"--\"");
}
