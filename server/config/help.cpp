// The text of --help, from the table.
#include <algorithm>

#include "server/config/program.hpp"

namespace server::config {

namespace {

constexpr std::size_t width = 100;
constexpr std::size_t indent = 30;

void add_help(std::string head, std::string_view help, std::string& out) {
  if (head.size() + 1 > indent) {
    out.append(head).append("\n");
    head.clear();
  }
  head.resize(indent, ' ');
  std::string line = head;
  bool empty = true;
  while (!help.empty()) {
    const auto end = std::min(help.find(' '), help.size());
    if (!empty && line.size() + 1 + end > width) {
      out.append(line).append("\n");
      line.assign(indent, ' ');
      empty = true;
    }
    if (!empty) line += ' ';
    line.append(help.substr(0, end));
    empty = false;
    help.remove_prefix(std::min(end + 1, help.size()));
  }
  out.append(line).append("\n");
}

}  // namespace

std::string help_text(const Program& program, const SettingTable& table) {
  std::string out(program.about);
  for (const auto& group : table) {
    out.append("\n").append(group.title).append(":\n");
    for (const auto& setting : group.settings) {
      std::string head = "  --" + std::string(setting.name);
      if (setting.name == "help") head += ", -h";
      if (!setting.is_flag()) head.append(" ").append(setting.argument);
      add_help(std::move(head), setting.help, out);
    }
  }
  return out.append("\n").append(program.notes);
}

}  // namespace server::config
