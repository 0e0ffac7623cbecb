#include "server/config/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "tl/nearest_name.hpp"

namespace server::config {

namespace {

// "max-line" → "STREAMJSON_MAX_LINE"
std::string variable_of(std::string_view prefix, std::string_view option) {
  std::string out(prefix);
  for (const char c : option) {
    out += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  }
  return out;
}

// What programs around this one read: clients that the console writes, and its tests.
constexpr std::array<std::string_view, 5> of_others{"STREAMJSON_TOKEN", "STREAMJSON_BUILD",
                                                    "STREAMJSON_PATIENCE", "STREAMJSON_PICTURES",
                                                    "STREAMJSON_KILLS"};

// Where the program's own variable is empty, the one that a setting names.
std::vector<std::string> variables_of(std::string_view prefix, const Setting& setting) {
  std::vector<std::string> names;
  const auto& traits = setting.traits;
  if (!prefix.empty() && !traits.arguments_only) names.push_back(variable_of(prefix, setting.name));
  if (!traits.variable.empty()) names.emplace_back(traits.variable);
  return names;
}

void add_entries(const Setting& setting, const std::string& variable, std::string_view value,
                 std::vector<Entry>& out) {
  for (;;) {
    const auto end = setting.traits.list ? value.find(',') : value.npos;
    out.push_back({std::string(setting.name), variable, std::string(value.substr(0, end))});
    if (end == value.npos) return;
    value.remove_prefix(end + 1);
  }
}

}  // namespace

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

std::vector<std::string> environment_names() {
  std::vector<std::string> out;
  for (auto** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    out.emplace_back(text.substr(0, text.find('=')));
  }
  return out;
}

std::string unknown_variables(const std::vector<std::string>& names, std::string_view prefix,
                              const SettingTable& table) {
  std::vector<std::string> known;
  for (const auto& group : table) {
    for (const auto& setting : group.settings) {
      for (auto& variable : variables_of(prefix, setting)) known.push_back(std::move(variable));
    }
  }
  std::string out;
  for (const auto& name : names) {
    if (prefix.empty() || !name.starts_with(prefix)) continue;
    if (std::ranges::find(known, name) != known.end()) continue;
    if (std::ranges::find(of_others, name) != of_others.end()) continue;
    tl::NearestName nearest(name);
    for (const auto& one : known) nearest.offer(one);
    out += (out.empty() ? "" : "\n") + name + ": no option has such a variable" + nearest.hint();
  }
  return out;
}

std::vector<Entry> read_environment(const Environment& environment, std::string_view prefix,
                                    const SettingTable& table) {
  std::vector<Entry> entries;
  for (const auto& group : table) {
    for (const auto& setting : group.settings) {
      for (const auto& variable : variables_of(prefix, setting)) {
        const auto value = environment(variable);
        if (!value || value->empty()) continue;
        add_entries(setting, variable, *value, entries);
        break;
      }
    }
  }
  return entries;
}

}  // namespace server::config
