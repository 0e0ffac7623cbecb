// Options from arguments, environment and file, as a function of these: nothing is printed here,
// and the process's own environment is not looked at.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/config/options.hpp"

namespace server {

struct OptionSources {
  std::vector<std::string> arguments;  // without the program's name
  std::function<std::optional<std::string>(const std::string& name)> environment;
};

struct OptionReading {
  std::optional<Options> options;  // none: print, then exit with status
  int status = 0;                  // 2: something is wrong
  std::string out;                 // for stdout: help, version
  std::string err;                 // for stderr: what is wrong
};

OptionReading read_option_sources(const OptionSources&);

}  // namespace server
