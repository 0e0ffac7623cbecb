// The text of --help, from the table.
#include <algorithm>

#include "server/config/option_table.hpp"

namespace server {

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

std::string help_text() {
  std::string out =
      "Usage: streamjson [OPTION]…\n\n"
      "A gateway between JSON lines and Telegram: a client sends one JSON object a line and gets\n"
      "its answers and updates the same way. `nc localhost 1543` is a client.\n";
  for (const auto& group : setting_groups()) {
    out.append("\n").append(group.title).append(":\n");
    for (const auto& setting : group.settings) {
      std::string head = "  --" + std::string(setting.name);
      if (!setting.is_flag()) head.append(" ").append(setting.argument);
      add_help(std::move(head), setting.help, out);
    }
  }
  out += "\nThese options:\n";
  add_help("  --config FILE", "Read options from an INI file: the same names, without the dashes",
           out);
  add_help("  --check-config", "Say whether options and schemes are right, and exit", out);
  add_help("  --version", "Print the version, and exit", out);
  add_help("  --help, -h", "Print this, and exit", out);
  out +=
      "\nBYTES may end in K, M or G (1024, 1024², 1024³). TIME is in seconds, which may have a\n"
      "fraction, or ends in ms, s or m. Each option may also stand in the environment\n"
      "(STREAMJSON_MAX_LINE=64M; lists with commas) or in the file. An argument wins over the\n"
      "environment, the environment over the file.\n";
  return out;
}

}  // namespace server
