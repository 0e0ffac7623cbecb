// Every option of streamjson: its name, what it takes, what it says in --help, and what it sets.
// The same table serves arguments (--max-line), environment (STREAMJSON_MAX_LINE) and file
// (max-line).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "server/config/options.hpp"

namespace server {

// Options on the way, with what is only half of one.
struct OptionDraft {
  Options options;
  std::string server;    // HOST:PORT
  std::string rsa_file;  // whose text goes with it
};

struct Setting {
  std::string_view name;      // "max-line"
  std::string_view argument;  // "BYTES"; empty: a flag
  std::string_view help;
  // Empty, or what is due instead of `value`.
  std::string (*set)(OptionDraft&, const std::string& value);
  bool list = false;    // each value is added
  bool secret = false;  // its value is not to be told, wrong or right

  bool is_flag() const { return argument.empty(); }
};

struct SettingGroup {
  std::string_view title;
  std::span<const Setting> settings;
};

std::span<const SettingGroup> setting_groups();
const Setting* find_setting(std::string_view name);

// "max-line" → "STREAMJSON_MAX_LINE"
std::string environment_name(std::string_view option);

// The text of --help, at most 100 columns wide.
std::string help_text();

}  // namespace server
