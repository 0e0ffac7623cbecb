// What completes a program's options in bash, zsh and fish.
#include <algorithm>

#include "server/config/printed_forms.hpp"

namespace server::config {

namespace {

enum class Takes { nothing, words, file, folder, text };

Takes kind_of(const Setting& setting) {
  if (!setting.traits.words.empty()) return Takes::words;
  if (setting.is_flag()) return Takes::nothing;
  if (setting.argument == "FILE" || setting.argument == "PATH") return Takes::file;
  return setting.argument == "DIR" ? Takes::folder : Takes::text;
}

template <class Do>
void each(const SettingTable& table, Do&& act) {
  for (const auto& group : table) {
    for (const auto& setting : group.settings) act(setting);
  }
}

// The first sentence, with nothing in it that means something to a shell between single quotes.
std::string first_sentence(std::string_view help) {
  std::string out;
  for (const char c : help.substr(0, help.find(". "))) {
    if (c == '\'' || c == '`') continue;
    out += c == '[' || c == ']' || c == '\\' || c == '\n' ? ' ' : c;
  }
  return out;
}

// "sign_in" of "sign-in": as functions of a shell are called.
std::string function_name(std::string_view program) {
  std::string out(program);
  std::ranges::replace(out, '-', '_');
  return "_" + out;
}

// The first words of the commands, each once; or the second words behind `first`.
std::string words_of(const Program& program, std::string_view first) {
  std::string out, last;
  for (const auto command : program.commands) {
    const auto blank = command.find(' ');
    const auto head = command.substr(0, blank);
    std::string word(first.empty() ? head : command.substr(blank + 1));
    if ((!first.empty() && head != first) || word == last) continue;
    out += (out.empty() ? "" : " ") + word;
    last = std::move(word);
  }
  return out;
}

std::vector<std::string> first_words(const Program& program) {
  std::vector<std::string> out;
  for (const auto command : program.commands) {
    std::string word(command.substr(0, command.find(' ')));
    if (out.empty() || out.back() != word) out.push_back(std::move(word));
  }
  return out;
}

// "--a|--b", of the options that take this.
std::string options_that_take(const SettingTable& table, Takes what) {
  std::string out;
  each(table, [&](const Setting& setting) {
    if (kind_of(setting) != what) return;
    out.append(out.empty() ? "--" : "|--").append(setting.name);
  });
  return out;
}

void add_case(const std::string& pattern, const std::string& answer, std::string& out) {
  if (pattern.empty()) return;
  out += "    " + pattern + ") " + answer + "; return ;;\n";
}

}  // namespace

std::string bash_completion(const Program& program, const SettingTable& table) {
  const auto function = function_name(program.name);
  std::string options;
  each(table, [&](const Setting& setting) { options.append(" --").append(setting.name); });
  const auto words = [](std::string_view some) {
    return "COMPREPLY=($(compgen -W \"" + std::string(some) + "\" -- \"$word\"))";
  };
  std::string out = "# bash completion for " + std::string(program.name) + "\n" + function +
                    "() {\n  local word=$2 before=$3\n  COMPREPLY=()\n  case $before in\n";
  each(table, [&](const Setting& setting) {
    if (kind_of(setting) != Takes::words) return;
    add_case("--" + std::string(setting.name), words(setting.traits.words), out);
  });
  add_case(options_that_take(table, Takes::file), "COMPREPLY=($(compgen -f -- \"$word\"))", out);
  add_case(options_that_take(table, Takes::folder), "COMPREPLY=($(compgen -d -- \"$word\"))", out);
  add_case(options_that_take(table, Takes::text), ":", out);
  for (const auto& first : first_words(program)) {
    add_case(first, words(words_of(program, first)), out);
  }
  out += "  esac\n  case $word in\n    -*) " + words(options.substr(1)) + " ;;\n";
  const auto commands = words_of(program, {});
  if (!commands.empty()) {
    out += "    *) [ \"$COMP_CWORD\" -ne 1 ] || " + words(commands) + " ;;\n";
  }
  out += "  esac\n}\n";
  return out + "complete -o filenames -F " + function + " " + std::string(program.name) + "\n";
}

std::string zsh_completion(const Program& program, const SettingTable& table) {
  std::string out = "#compdef " + std::string(program.name) + "\n_arguments -s \\\n";
  each(table, [&](const Setting& setting) {
    const std::string name(setting.name), argument(setting.argument);
    const auto head = std::string(setting.traits.list ? "'*--" : "'--") + name +
                      (setting.is_flag() ? "[" : "=[") + first_sentence(setting.help) + "]";
    out += "  " + head;
    switch (kind_of(setting)) {
      case Takes::nothing:
        break;
      case Takes::words:
        out += ":" + name + ":(" + std::string(setting.traits.words) + ")";
        break;
      case Takes::file:
        out += ":" + name + ":_files";
        break;
      case Takes::folder:
        out += ":" + name + ":_files -/";
        break;
      case Takes::text:
        out += ":" + name + ": ";
        break;
    }
    out += "' \\\n";
  });
  const auto commands = words_of(program, {});
  if (!commands.empty()) {
    out += "  '1::command:(" + commands + ")' \\\n";
    out += "  '2::what:{case $words[2] in";
    for (const auto& first : first_words(program)) {
      out += " (" + first + ") _values what " + words_of(program, first) + ";;";
    }
    out += " esac}' \\\n";
  }
  return out + "  '*:: :_files'\n";
}

std::string fish_completion(const Program& program, const SettingTable& table) {
  const auto complete = "complete -c " + std::string(program.name);
  std::string out = complete + " -f\n";
  each(table, [&](const Setting& setting) {
    out += complete + " -l " + std::string(setting.name);
    if (setting.name == "help") out += " -s h";
    switch (kind_of(setting)) {
      case Takes::nothing:
        break;
      case Takes::words:
        out += " -x -a '" + std::string(setting.traits.words) + "'";
        break;
      case Takes::file:
        out += " -r -F";
        break;
      case Takes::folder:
        out += " -x -a '(__fish_complete_directories)'";
        break;
      case Takes::text:
        out += " -x";
        break;
    }
    out += " -d '" + first_sentence(setting.help) + "'\n";
  });
  const auto commands = words_of(program, {});
  if (!commands.empty()) {
    out += complete + " -n __fish_use_subcommand -a '" + commands + "'\n";
  }
  for (const auto& first : first_words(program)) {
    out += complete + " -n '__fish_seen_subcommand_from " + first + "' -a '" +
           words_of(program, first) + "'\n";
  }
  return out;
}

}  // namespace server::config
