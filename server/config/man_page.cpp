// Pages for man, in the macros of man(7).
#include "server/config/environment.hpp"
#include "server/config/printed_forms.hpp"

namespace server::config {

namespace {

// A text as roff has it; what stands in backticks is bold.
std::string roff(std::string_view text) {
  std::string out;
  bool bold = false;
  for (const char c : text) {
    const bool begins = out.empty() || out.ends_with('\n');
    if (c == '`') {
      out += bold ? "\\fR" : "\\fB";
      bold = !bold;
    } else if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      if (begins && (c == '.' || c == '\'')) out += "\\&";
      out += c;
    }
  }
  return out;
}

// "Usage: …" up to an empty line, and what stands behind it.
struct About {
  std::string_view usage, text;
};
About parts_of(std::string_view about) {
  constexpr std::string_view head = "Usage: ";
  if (about.starts_with(head)) about.remove_prefix(head.size());
  const auto end = about.find("\n\n");
  if (end == about.npos) return {about, {}};
  return {about.substr(0, end), about.substr(end + 2)};
}

std::string head(const Program& program, std::string_view name, const char* page,
                 std::string_view summary) {
  std::string title(name);
  for (auto& c : title) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return ".TH " + roff(title) + " " + page + " \"\" \"" + std::string(program.name) +
         " " STREAMJSON_VERSION "\"\n.SH NAME\n" + roff(name) + " \\- " + roff(summary) + "\n";
}

void add_synopsis(std::string_view usage, std::string& out) {
  out += ".SH SYNOPSIS\n.nf\n";
  while (!usage.empty()) {
    const auto end = std::min(usage.find('\n'), usage.size());
    auto line = usage.substr(0, end);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    // What goes on from the line before.
    if (line.starts_with('[')) out += "    ";
    out += roff(line) + "\n";
    usage.remove_prefix(std::min(end + 1, usage.size()));
  }
  out += ".fi\n";
}

void add_option(const Setting& setting, std::string& out) {
  out += ".TP\n\\fB\\-\\-" + roff(setting.name) + "\\fR";
  if (setting.name == "help") out += ", \\fB\\-h\\fR";
  if (!setting.is_flag()) out += " \\fI" + roff(setting.argument) + "\\fR";
  out += "\n" + roff(setting.help) + ".\n";
}

void add_key(const Setting& setting, std::string& out) {
  out += ".TP\n\\fB" + roff(setting.name) + "\\fR";
  out += setting.is_flag() ? " = true" : " = \\fI" + roff(setting.argument) + "\\fR";
  out += "\n" + roff(setting.help) + ".\n";
}

void add_variables(const Program& program, const SettingTable& table, std::string& out) {
  std::string own;
  for (const auto& group : table) {
    for (const auto& setting : group.settings) {
      if (setting.traits.variable.empty()) continue;
      own += ".TP\n\\fB" + roff(setting.traits.variable) + "\\fR\nas \\fB\\-\\-" +
             roff(setting.name) + "\\fR.\n";
    }
  }
  if (program.prefix.empty() && own.empty()) return;
  out += ".SH ENVIRONMENT\n";
  if (!program.prefix.empty()) {
    out += ".TP\n\\fB" + roff(program.prefix) + "\\fR\\fINAME\\fR\n" +
           "each option, in capitals and with _ for \\-; an argument wins over it.\n";
  }
  out += own;
}

}  // namespace

std::string man_page(const Program& program, const SettingTable& table) {
  const auto about = parts_of(program.about);
  auto out = head(program, program.name, "1", program.summary);
  add_synopsis(about.usage, out);
  out += ".SH DESCRIPTION\n" + roff(about.text) + ".SH OPTIONS\n";
  for (const auto& group : table) {
    out += ".SS \"" + roff(group.title) + "\"\n";
    for (const auto& setting : group.settings) add_option(setting, out);
  }
  out += ".SH NOTES\n" + roff(program.notes);
  add_variables(program, table, out);
  const bool has_file = find_setting(table, "config") != nullptr;
  out += ".SH SEE ALSO\n";
  out += has_file ? "\\fBsignin\\-cli\\fR(1), \\fBstreamjson.conf\\fR(5), \\fBsystemd\\fR(1)\n"
                  : "\\fBstreamjson\\fR(1)\n";
  return out;
}

std::string file_man_page(const Program& program, const SettingTable& table) {
  const auto name = std::string(program.name);
  auto out = head(program, name + ".conf", "5", "options of " + name + " in a file");
  out += ".SH SYNOPSIS\n\\fB" + roff(name) + "\\fR \\fB\\-\\-config\\fR \\fIFILE\\fR\n";
  out +=
      ".SH DESCRIPTION\n"
      "A line has an option's name as on the command line, without the dashes, then =, then its\n"
      "value, which may stand in quotes. A flag may stand alone. What can be repeated has a line\n"
      "for each. # and ; begin a comment; a line [streamjson] may stand above all. An argument "
      "and\n"
      "a variable of the environment win over the file.\n.SH OPTIONS\n";
  for (const auto& group : table) {
    std::string keys;
    for (const auto& setting : group.settings) {
      if (!setting.traits.arguments_only) add_key(setting, keys);
    }
    if (!keys.empty()) out += ".SS \"" + roff(group.title) + "\"\n" + keys;
  }
  out += ".SH FILES\n.TP\n\\fI/etc/" + name + "/" + name + ".conf\\fR\n" + "what the unit \\fB" +
         name + ".service\\fR reads.\n";
  return out + ".SH SEE ALSO\n\\fB" + name + "\\fR(1)\n";
}

}  // namespace server::config
