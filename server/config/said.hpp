// What was said of the options, and by whom: an argument wins over the environment, that over the
// file, and that over the service manager's credentials.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/config/setting.hpp"

namespace server::config {

enum class Source { credentials, file, environment, arguments };  // from the weakest

struct Entry {
  std::string name;   // "port"
  std::string where;  // for messages: "--port", "STREAMJSON_PORT", "FILE:3: port"
  std::string value;
};

// Puts lines behind others.
void add_lines(const std::string& lines, std::string& to);

class Said {
 public:
  void add(Source, std::vector<Entry>);

  // What one of them says of an option, and what the strongest says that has a word about it.
  std::span<const Entry> by(Source, std::string_view name) const;
  std::span<const Entry> of(std::string_view name) const;
  bool has(std::string_view name) const { return !of(name).empty(); }

  // What is wrong with a source, a line each.
  void add_wrong(const std::string& lines);
  // Sets all of it that can be. Empty, or what is wrong, and where: a line each.
  std::string apply(const SettingTable&) const;

 private:
  std::array<std::map<std::string, std::vector<Entry>, std::less<>>, 4> entries_;
  std::string wrong_;
};

}  // namespace server::config
