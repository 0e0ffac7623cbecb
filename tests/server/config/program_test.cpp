// The engine of options, with a program of two.
#include "server/config/program.hpp"

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <map>

#include "server/config/kinds.hpp"

using namespace server::config;

namespace {

struct Values {
  std::uint16_t port = 0;
  std::vector<std::string> names_;
};

const Program program{"small", "SMALL_", "About.\n", "Notes.\n"};

SettingTable table_of(Values& values) {
  constexpr Traits list{.list = true};
  constexpr Traits id{.variable = "COMMON_PORT"};
  constexpr Traits config{.arguments_only = true, .variable = "SMALL_CONFIG"};
  return {{"Group",
           {{"port", "PORT", "A port", port(values.port), id},
            {"name", "NAME", "A name", names(values.names_), list},
            {"config", "FILE", "A file", Set(), config}}},
          {"Help", help_settings()}};
}

// "7 a,b", or what is printed.
std::string read(std::vector<std::string> arguments,
                 const std::map<std::string, std::string>& variables = {}) {
  Values values;
  const auto table = table_of(values);
  Sources sources{std::move(arguments), [&](const std::string& name) -> std::optional<std::string> {
                    const auto found = variables.find(name);
                    if (found == variables.end()) return std::nullopt;
                    return found->second;
                  }};
  for (const auto& [name, value] : variables) sources.variables.push_back(name);
  const auto said = read_sources(program, table, sources);
  if (!said) return said.error().out + said.error().err;
  if (auto wrong = said->apply(table); !wrong.empty()) return wrong;
  std::string out = std::to_string(values.port);
  for (const auto& name : values.names_) out += " " + name;
  return out;
}

class File {
 public:
  explicit File(std::string_view text) { std::ofstream(name) << text; }
  ~File() { std::remove(name); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  static constexpr const char* name = "program_test.tmp";
};

}  // namespace

TEST_CASE("each option is taken from the strongest source that has it") {
  const File file("port=1\nname=f\nname=g\n");
  const std::map<std::string, std::string> variables{{"SMALL_CONFIG", File::name},
                                                     {"SMALL_PORT", "2"}};
  CHECK(read({"--config", File::name}) == "1 f g");
  CHECK(read({}, variables) == "2 f g");
  CHECK(read({"--port", "3", "--name", "a"}, variables) == "3 a");
}

TEST_CASE("a variable of another name is looked at where the program's own says nothing") {
  CHECK(read({}, {{"COMMON_PORT", "4"}}) == "4");
  CHECK(read({}, {{"COMMON_PORT", "4"}, {"SMALL_PORT", ""}}) == "4");
  CHECK(read({}, {{"COMMON_PORT", "4"}, {"SMALL_PORT", "5"}}) == "5");
}

TEST_CASE("what is wrong is told with its source") {
  const File file("\nport=x\n");
  CHECK(read({"--port", "x"}) == "--port: \"x\": expected a port, 0 to 65535");
  CHECK(read({}, {{"SMALL_NAME", "a,,b"}}) == "SMALL_NAME: \"\": expected a file's name");
  CHECK(read({"--config", File::name}) ==
        "program_test.tmp:2: port: \"x\": expected a port, 0 to 65535");
}

TEST_CASE("what is for the command line alone is no line of a file and no variable") {
  for (const auto* name : {"help", "config", "version"}) {
    const File file(std::string(name) + "=true");
    CHECK(read({"--config", File::name}) ==
          std::string("program_test.tmp:1: ") + name + ": this is for the command line alone");
  }
  CHECK(read({}, {{"SMALL_HELP", "true"}}).starts_with("SMALL_HELP: no option has such"));
}

TEST_CASE("a variable that begins as the program's and is no option's is told, with the nearest") {
  CHECK(read({}, {{"SMALL_PROT", "1"}}) ==
        "SMALL_PROT: no option has such a variable; the nearest known is \"SMALL_PORT\"");
  CHECK(read({}, {{"SMALL_CONFIGS", ""}}).find("SMALL_CONFIG\"") != std::string::npos);
  CHECK(read({}, {{"OTHER_PROT", "1"}, {"COMMON_PROT", "1"}}) == "0");
}

TEST_CASE("all that is wrong is told, a line each") {
  const File file("prot=1\nport=x\n");
  CHECK(read({"--config", File::name, "--name", ""}, {{"SMALL_NAM", "1"}}) ==
        "SMALL_NAM: no option has such a variable; the nearest known is \"SMALL_NAME\"\n"
        "program_test.tmp:1: prot: no such option; the nearest known is \"port\"\n"
        "program_test.tmp:2: port: \"x\": expected a port, 0 to 65535\n"
        "--name: \"\": expected a file's name");
}

TEST_CASE("help is made of the table") {
  CHECK(read({"--help", "--config", "/no/such"}) ==
        "About.\n"
        "\nGroup:\n"
        "  --port PORT                 A port\n"
        "  --name NAME                 A name\n"
        "  --config FILE               A file\n"
        "\nHelp:\n"
        "  --version                   Print the version, and exit\n"
        "  --help, -h                  Print this, and exit. --help=man, man5, conf, bash, zsh or "
        "fish prints\n"
        "                              the same table as a page for man, a commented file of "
        "options, "
        "or what\n"
        "                              completes them in a shell\n"
        "\nNotes.\n");
  CHECK(read({"--version"}) == "small " STREAMJSON_VERSION "\n");
}
