// A file of options that sets none.
#include <algorithm>

#include "server/config/printed_forms.hpp"

namespace server::config {

namespace {

void add_comment(std::string_view text, std::string& out) {
  constexpr std::size_t most = 98;
  std::string line = "#";
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (line.size() > 1 && line.size() + 1 + end > most) {
      out += line + "\n";
      line = "#";
    }
    line.append(" ").append(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out += line + "\n";
}

}  // namespace

std::string sample_file(const SettingTable& table) {
  std::string out;
  for (const auto& group : table) {
    std::string keys;
    for (const auto& setting : group.settings) {
      if (setting.traits.arguments_only) continue;
      add_comment(setting.help, keys);
      keys.append("#").append(setting.name).append(" = ");
      keys.append(setting.is_flag() ? "true" : setting.argument).append("\n\n");
    }
    if (!keys.empty()) out.append("### ").append(group.title).append("\n\n").append(keys);
  }
  return out;
}

}  // namespace server::config
