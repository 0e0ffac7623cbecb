#include "server/config/printed_forms.hpp"

#include <algorithm>

namespace server::config {

namespace {

struct Form {
  std::string_view name;
  bool of_file;  // of which there is one where the table has --config
  std::string (*print)(const Program&, const SettingTable&);
};

std::string sample(const Program&, const SettingTable& table) { return sample_file(table); }

constexpr Form forms[] = {
    {"true", false, help_text},       {"man", false, man_page},
    {"man5", true, file_man_page},    {"conf", true, sample},
    {"bash", false, bash_completion}, {"zsh", false, zsh_completion},
    {"fish", false, fish_completion},
};

}  // namespace

Printed printed_help(const Program& program, const SettingTable& table, std::string_view form) {
  const auto found = std::ranges::find(forms, form, &Form::name);
  const bool has_file = find_setting(table, "config") != nullptr;
  if (found == std::end(forms) || (found->of_file && !has_file)) {
    return wrong(program, "--help: expected nothing, or man, " +
                              std::string(has_file ? "man5, conf, " : "") + "bash, zsh or fish");
  }
  return {0, found->print(program, table), ""};
}

}  // namespace server::config
