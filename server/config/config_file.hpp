// A file of options: the INI that people know.
//
//   # a comment, ; another one
//   [streamjson]                    the section line may be left out
//   port = 1543
//   scheme = "/srv/my file.tl"      repeated for a list
//   verbose                         a flag alone is true
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tl/result.hpp"

namespace server::config {

struct ConfigEntry {
  std::size_t line = 0;
  std::string key;
  std::string value;
};

// A sentence that names the file, and the line where there is one.
struct FileProblem {
  std::string text;
};

tl::Result<std::vector<ConfigEntry>, FileProblem> parse_config(std::string_view text,
                                                               const std::string& file);

// A whole file of at most 1 MiB.
tl::Result<std::string, FileProblem> read_small_file(const std::string& file);

}  // namespace server::config
