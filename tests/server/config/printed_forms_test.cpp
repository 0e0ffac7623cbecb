// The table of options as pages for man, a file of options, completions.
#include "server/config/printed_forms.hpp"

#include <catch2/catch.hpp>

#include "server/config/gateway_table.hpp"
#include "server/config/kinds.hpp"
#include "tests/support/contains.hpp"

using namespace server::config;
using support::contains;

namespace {

struct Values {
  bool loud = false;
  std::string file, folder, level, text;
};

constexpr std::string_view commands[] = {"store check", "store rekey", "token new"};
const Program program{"small",
                      "SMALL_",
                      "Usage: small [OPTION]…\n       small store COMMAND\n\nIt's a program.\n",
                      "Notes.\n",
                      "a small program",
                      commands};

SettingTable table_of(Values& values) {
  constexpr Traits levels{.words = "low high"};
  constexpr Traits arguments_only{.arguments_only = true};
  constexpr Traits own{.variable = "COMMON_TEXT"};
  return {{"First",
           {{"loud", "", "Be loud. And more", flag(values.loud)},
            {"file", "FILE", "A file of lines `a:b`, user's [own]", name(values.file)},
            {"dir", "DIR", "A folder", name(values.folder)},
            {"level", "LEVEL", "How high",
             choice(
                 {"low", "high"}, [](std::size_t) {}, [] { return std::size_t{0}; }),
             levels},
            {"text", "TEXT", ".starts with a dot \\ and a backslash", text(values.text), own},
            {"config", "FILE", "Options from a file", Set(), arguments_only}}},
          {"Help", help_settings()}};
}

Printed printed(std::string_view form) {
  Values values;
  return printed_help(program, table_of(values), form);
}
std::string page_of(std::string_view form) {
  const auto out = printed(form);
  CHECK(out.status == 0);
  CHECK(out.err.empty());
  return out.out;
}

}  // namespace

TEST_CASE("A page for man has what --help has") {
  const auto page = page_of("man");
  CHECK_THAT(page, contains(".TH SMALL 1"));
  CHECK_THAT(page, contains("small \\- a small program\n"));
  CHECK_THAT(page, contains(".SH SYNOPSIS\n.nf\nsmall [OPTION]…\nsmall store COMMAND\n.fi\n"));
  CHECK_THAT(page, contains("\\fB\\-\\-loud\\fR\nBe loud. And more.\n"));
  CHECK_THAT(page, contains("\\fB\\-\\-file\\fR \\fIFILE\\fR\nA file of lines \\fBa:b\\fR"));
  CHECK_THAT(page, contains("\n\\&.starts with a dot \\e and"));
  CHECK_THAT(page, contains("\\fBCOMMON_TEXT\\fR\nas \\fB\\-\\-text\\fR.\n"));
}

TEST_CASE("The page of the file leaves out what is for the command line alone") {
  const auto page = page_of("man5");
  CHECK_THAT(page, contains(".TH SMALL.CONF 5"));
  CHECK_THAT(page, contains("\\fBloud\\fR = true\n"));
  CHECK_THAT(page, contains("\\fBlevel\\fR = \\fILEVEL\\fR\n"));
  CHECK_THAT(page, !contains("config\\fR = "));
  CHECK_THAT(page, !contains("\"Help\""));
}

TEST_CASE("A file of options has all of them, and sets none") {
  const auto file = page_of("conf");
  CHECK_THAT(file, contains("### First\n\n# Be loud. And more\n#loud = true\n\n"));
  CHECK_THAT(file, contains("#level = LEVEL\n"));
  CHECK_THAT(file, !contains("config"));
  for (std::size_t at = 0; at < file.size(); at = file.find('\n', at) + 1) {
    CHECK((file[at] == '#' || file[at] == '\n'));
  }
}

TEST_CASE("Completions know options, words, files, folders and commands") {
  const auto bash = page_of("bash");
  CHECK_THAT(bash, contains("--loud --file --dir --level --text --config --version --help"));
  CHECK_THAT(bash, contains("--level) COMPREPLY=($(compgen -W \"low high\""));
  CHECK_THAT(bash, contains("--file|--config) COMPREPLY=($(compgen -f"));
  CHECK_THAT(bash, contains("store) COMPREPLY=($(compgen -W \"check rekey\""));
  CHECK_THAT(bash, contains("compgen -W \"store token\""));

  const auto zsh = page_of("zsh");
  CHECK_THAT(zsh, contains("'--loud[Be loud]'"));
  CHECK_THAT(zsh, contains("'--level=[How high]:level:(low high)'"));
  CHECK_THAT(zsh, contains("'--file=[A file of lines a:b, users  own ]:file:_files'"));

  const auto fish = page_of("fish");
  CHECK_THAT(fish, contains("-l level -x -a 'low high' -d 'How high'\n"));
  CHECK_THAT(fish, contains("-l file -r -F -d "));
  CHECK_THAT(fish, contains("'__fish_seen_subcommand_from store' -a 'check rekey'"));
}

TEST_CASE("A form that there is not is told which there are") {
  CHECK(printed("info").status == 2);
  CHECK(printed("info").err ==
        "small: --help: expected nothing, or man, man5, conf, bash, zsh or fish\n");
}

TEST_CASE("The words that completions offer are taken, all of them") {
  OptionDraft draft;
  for (const auto& group : gateway_table(draft)) {
    for (const auto& setting : group.settings) {
      auto words = setting.traits.words;
      while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        INFO(setting.name);
        CHECK(setting.set(std::string(words.substr(0, end))).empty());
        words.remove_prefix(std::min(end + 1, words.size()));
      }
    }
  }
}
