#include "server/config/print_config.hpp"

#include <algorithm>

#include "server/config/config_file.hpp"

namespace server::config {

namespace {

bool reads_back(const std::string& line, std::string_view name, const std::string& value) {
  const auto read = parse_config(line, "");
  return read && read->size() == 1 && read->front().key == name && read->front().value == value;
}

// "port=1543", quoted where it has to be; empty: no file can hold this.
std::string line_of(std::string_view name, const std::string& value) {
  for (const auto* quote : {"", "\"", "'"}) {
    auto line = std::string(name) + "=" + quote + value + quote;
    if (reads_back(line, name, value)) return line;
  }
  return "";
}

std::string lines_of(const Setting& setting, const IsOpen& is_open) {
  const std::string name(setting.name);
  std::string out;
  for (const auto& value : setting.set.now()) {
    const bool unset = value.empty() || (!setting.traits.list && !setting.set(value).empty());
    if (unset) continue;
    if (setting.traits.secret && !is_open(name, value)) {
      out += "# " + name + " is set, and secret\n";
      continue;
    }
    const auto line = line_of(name, value);
    out += line.empty() ? "# " + name + " is set to what no file can hold\n" : line + "\n";
  }
  return out.empty() ? "# " + name + "=" + std::string(setting.argument) + "\n" : out;
}

}  // namespace

std::string print_config(const SettingTable& table, const IsOpen& is_open,
                         const std::function<bool(std::string_view name)>& left_out) {
  std::string out = "[streamjson]\n";
  for (const auto& group : table) {
    std::string lines;
    for (const auto& setting : group.settings) {
      if (!setting.set || setting.traits.arguments_only || left_out(setting.name)) continue;
      lines += lines_of(setting, is_open);
    }
    if (!lines.empty()) out.append("\n# ").append(group.title).append("\n").append(lines);
  }
  return out;
}

}  // namespace server::config
