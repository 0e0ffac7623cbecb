// What a program's table of options is printed as, beside the text of --help: pages for man, a file
// of options with everything commented out, and what completes options in a shell. One table, so
// that none of them says what another does not.
#pragma once

#include <string>
#include <string_view>

#include "server/config/program.hpp"

namespace server::config {

// `form`: "true" (the plain text), "man", "man5", "conf", "bash", "zsh" or "fish". Printed as wrong
// where it is none of these, or one of a file that the program does not read.
Printed printed_help(const Program&, const SettingTable&, std::string_view form);

// Page 1, of the program; page 5, of its file of options. man(7).
std::string man_page(const Program&, const SettingTable&);
std::string file_man_page(const Program&, const SettingTable&);
// Such a file.
std::string sample_file(const SettingTable&);

std::string bash_completion(const Program&, const SettingTable&);
std::string zsh_completion(const Program&, const SettingTable&);
std::string fish_completion(const Program&, const SettingTable&);

}  // namespace server::config
