// What a token allows: which methods who shows it may call, and which named accounts it may use.
// Read once, then shared by all its clients.
//
//   read-only  methods=messages.*,users.get*,!messages.delete*  accounts=ada,team-*  export  admin
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

  // Without a word about accounts: none.
  bool allows_account(std::string_view name) const;
  // The session of a named account may be given out.
  bool exports() const { return exports_; }
  // Named accounts may be changed and removed.
  bool administers() const { return administers_; }
  // "" where it may be called; else which word stands against it: "read-only", "methods".
  std::string_view forbids(std::string_view method) const;
  // As they may stand in a token's line: each once.
  std::vector<std::string> words() const;
  // Patterns that fit none of these.
  std::vector<std::string> unused(const std::vector<std::string_view>& methods) const;

 private:
  std::string add_methods(std::string_view list);
  std::string add_accounts(std::string_view list);

  bool read_only_ = false;
  bool exports_ = false;
  bool administers_ = false;
  std::vector<std::string> allowed_;  // none: all
  std::vector<std::string> denied_;
  std::vector<std::string> accounts_;
};

// Whether `name` fits a pattern in which * stands for any characters, or none.
bool fits_pattern(std::string_view pattern, std::string_view name);

}  // namespace server
