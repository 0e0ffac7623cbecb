// What is set, as a file of options that sets the same again. Secrets are left out.
#pragma once

#include <functional>
#include <string>

#include "server/config/setting.hpp"

namespace server::config {

// Whether `value` of a secret option may be shown: a URL without a password in it.
using IsOpen = std::function<bool(std::string_view name, const std::string& value)>;

// One line a value, in the table's order; commented out is what is not set, what is secret, and
// what no file can hold. `left_out`: names that must not be said.
std::string print_config(const SettingTable&, const IsOpen&,
                         const std::function<bool(std::string_view name)>& left_out);

}  // namespace server::config
