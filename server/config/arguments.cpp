#include "server/config/arguments.hpp"

#include <algorithm>

namespace server::config {

namespace {

// "--port" of "--port=1543"
std::string before_equals(std::string_view argument) {
  return std::string(argument.substr(0, argument.find('=')));
}

const Setting* named(const SettingTable& table, std::string_view option) {
  if (option == "-h") option = "--help";
  if (!option.starts_with("--")) return nullptr;
  return find_setting(table, option.substr(2));
}

std::string unknown(const SettingTable& table, const std::string& option) {
  if (!option.starts_with('-')) return option + ": an option is due, such as --port 1543";
  const auto dashes = std::min(option.find_first_not_of('-'), option.size());
  return option + ": " + no_such_option(table, std::string_view(option).substr(dashes));
}

}  // namespace

tl::Result<std::vector<Entry>, std::string> read_arguments(std::span<const std::string> arguments,
                                                           const SettingTable& table) {
  std::vector<Entry> entries;
  while (!arguments.empty()) {
    const std::string_view argument = arguments.front();
    arguments = arguments.subspan(1);
    if (argument == "--") {
      if (arguments.empty()) break;
      return before_equals(arguments.front()) + ": nothing may stand behind \"--\"";
    }
    const auto option = before_equals(argument);
    const auto* setting = named(table, option);
    if (setting == nullptr) return unknown(table, option);
    Entry entry{std::string(setting->name), option, "true"};
    if (option.size() < argument.size()) {
      entry.value = argument.substr(option.size() + 1);
    } else if (!setting->is_flag()) {
      if (arguments.empty() || named(table, before_equals(arguments.front())) != nullptr) {
        return option + ": a value is due: " + option + " " + std::string(setting->argument);
      }
      entry.value = arguments.front();
      arguments = arguments.subspan(1);
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace server::config
