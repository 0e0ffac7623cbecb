// What a program was told by its arguments, the environment and a file, as a function of these: it
// prints nothing, and does not look at the process's own environment.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/config/environment.hpp"
#include "server/config/said.hpp"
#include "server/config/setting.hpp"
#include "tl/result.hpp"

namespace server::config {

struct Program {
  std::string_view name;       // "streamjson"
  std::string_view prefix;     // of its variables, "STREAMJSON_"; empty: it has none
  std::string_view about;      // how --help begins,
  std::string_view notes;      // and how it ends
  std::string_view summary{};  // for lists of man pages
  std::span<const std::string_view> commands{};  // what may stand before options, "token new"
};

struct Sources {
  std::vector<std::string> arguments;  // without the program's name
  Environment environment;
  std::vector<std::string> variables{};  // the names of all that are set
};

struct Printed {
  int status = 0;   // of the program, where it ends here; 2: something is wrong
  std::string out;  // for stdout: help, version
  std::string err;  // for stderr: what is wrong
};

template <class Options>
struct Reading : Printed {
  std::optional<Options> options;  // none: print, then exit with `status`
};

// The table has --version and --help; with a setting `config` that names it, a file is read, too.
// What is wrong with arguments or stops all reading is printed; the rest is told by Said::apply().
tl::Result<Said, Printed> read_sources(const Program&, const SettingTable&, const Sources&);

// The process's own.
Sources own_sources(int argc, const char* const* argv);
void print(const Printed&);

// A line each.
Printed wrong(const Program&, const std::string& lines);

// "--version", "--help": what both programs have.
std::vector<Setting> help_settings();
// The text of --help, at most 100 columns wide.
std::string help_text(const Program&, const SettingTable&);

}  // namespace server::config
