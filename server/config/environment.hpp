// Options in the environment: STREAMJSON_MAX_LINE is max-line. Lists have commas, and an empty
// variable is as good as none. One that begins as the program's do and is none is an error, as an
// option is that there is not.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/config/said.hpp"
#include "server/config/setting.hpp"

namespace server::config {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// The process's own.
std::optional<std::string> environment_variable(const std::string& name);
std::vector<std::string> environment_names();

// `names`: of all variables that are set. Empty, or a line for each that begins with `prefix` and
// is no option's, with the nearest that is.
std::string unknown_variables(const std::vector<std::string>& names, std::string_view prefix,
                              const SettingTable&);

// `prefix` is how the program's variables begin; empty: it has only those that a setting names.
std::vector<Entry> read_environment(const Environment&, std::string_view prefix,
                                    const SettingTable&);

}  // namespace server::config
