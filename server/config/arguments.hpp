// The command line: --name VALUE, --name=VALUE, --flag, --flag=false, and -h for --help. What
// follows --name is its value unless it is an option itself; --name=--other takes even that.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "server/config/said.hpp"
#include "server/config/setting.hpp"
#include "tl/result.hpp"

namespace server::config {

// `arguments` without the program's name. The error is a sentence.
tl::Result<std::vector<Entry>, std::string> read_arguments(std::span<const std::string> arguments,
                                                           const SettingTable&);

}  // namespace server::config
