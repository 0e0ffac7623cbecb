#include "server/config/program.hpp"

#include <cstdio>

#include "server/config/arguments.hpp"
#include "server/config/config_file.hpp"
#include "server/config/printed_forms.hpp"

namespace server::config {

namespace {

// What is wrong in single lines goes to `wrong`.
tl::Result<std::vector<Entry>, std::string> read_file(const std::string& file,
                                                      const SettingTable& table,
                                                      std::string& wrong) {
  const auto text = read_small_file(file);
  if (!text) return text.error().text;
  auto lines = parse_config(*text, file);
  if (!lines) return lines.error().text;
  std::vector<Entry> entries;
  for (auto& line : *lines) {
    auto where = file + ":" + std::to_string(line.line) + ": " + line.key;
    const auto* setting = find_setting(table, line.key);
    if (setting == nullptr) {
      add_lines(where + ": " + no_such_option(table, line.key), wrong);
      continue;
    }
    if (setting->traits.arguments_only) {
      add_lines(where + ": this is for the command line alone", wrong);
      continue;
    }
    entries.push_back({std::move(line.key), std::move(where), std::move(line.value)});
  }
  return entries;
}

}  // namespace

tl::Result<Said, Printed> read_sources(const Program& program, const SettingTable& table,
                                       const Sources& sources) {
  Said said;
  auto arguments = read_arguments(sources.arguments, table);
  if (!arguments) return wrong(program, arguments.error());
  said.add(Source::arguments, std::move(*arguments));
  if (said.has("help")) return printed_help(program, table, said.of("help").back().value);
  if (said.has("version")) {
    return Printed{0, std::string(program.name) + " " STREAMJSON_VERSION "\n", ""};
  }
  said.add(Source::environment, read_environment(sources.environment, program.prefix, table));
  said.add_wrong(unknown_variables(sources.variables, program.prefix, table));
  if (said.has("config")) {
    std::string lines;
    auto file = read_file(said.of("config").back().value, table, lines);
    if (!file) return wrong(program, file.error());
    said.add_wrong(lines);
    said.add(Source::file, std::move(*file));
  }
  return said;
}

Sources own_sources(int argc, const char* const* argv) {
  Sources sources{{}, environment_variable, environment_names()};
  if (argc > 1) sources.arguments.assign(argv + 1, argv + argc);
  return sources;
}

void print(const Printed& printed) {
  std::fputs(printed.out.c_str(), stdout);
  std::fputs(printed.err.c_str(), stderr);
}

Printed wrong(const Program& program, const std::string& lines) {
  std::string out;
  for (std::string_view rest = lines;;) {
    const auto end = rest.find('\n');
    out.append(program.name).append(": ").append(rest.substr(0, end)).append("\n");
    if (end == rest.npos) return {2, "", out};
    rest.remove_prefix(end + 1);
  }
}

std::vector<Setting> help_settings() {
  constexpr Traits arguments_only{.arguments_only = true};
  return {
      {"version", "", "Print the version, and exit", Set(), arguments_only},
      {"help", "",
       "Print this, and exit. --help=man, man5, conf, bash, zsh or fish prints the same table as a "
       "page for man, a commented file of options, or what completes them in a shell",
       Set(), arguments_only}};
}

}  // namespace server::config
