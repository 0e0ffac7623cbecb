// What a token allows: which methods who shows it may call. Read once, then shared by all its clients.
//
//   read-only  methods=messages.*,users.get*,!messages.delete*
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace server {

class TokenScope {
 public:
  static constexpr std::size_t most_patterns = 256;
  static constexpr std::size_t longest_pattern = 128;

  // One word of a token's line. Empty, or a sentence about what is wrong with it.
  std::string add(std::string_view word);

  bool limits() const { return read_only_ || !allowed_.empty() || !denied_.empty(); }
  // "" where it may be called; else which word stands against it: "read-only", "methods".
  std::string_view forbids(std::string_view method) const;
  // Patterns that fit none of these.
  std::vector<std::string> unused(const std::vector<std::string_view>& methods) const;

 private:
  std::string add_methods(std::string_view list);

  bool read_only_ = false;
  std::vector<std::string> allowed_;  // none: all
  std::vector<std::string> denied_;
};

// Whether `name` fits a pattern in which * stands for any characters, or none.
bool fits_pattern(std::string_view pattern, std::string_view name);

}  // namespace server
