#include "server/protocol/token_scope.hpp"

#include <algorithm>
#include <array>

#include "server/protocol/only_reads.hpp"

namespace server {
namespace {

constexpr std::string_view methods_word = "methods=";
constexpr std::string_view accounts_word = "accounts=";

// They say nothing of an account, and keep a connection alive.
constexpr std::array<std::string_view, 5> harmless{"get_future_salts", "msgs_ack", "msgs_state_req",
                                                   "ping", "ping_delay_disconnect"};

bool good_pattern(std::string_view pattern) {
  return std::ranges::all_of(pattern, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '*';
  });
}

// Of an account's name.
bool good_account_pattern(std::string_view pattern) {
  return std::ranges::all_of(pattern, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' ||
           c == '*';
  });
}

bool any_fits(const std::vector<std::string>& patterns, std::string_view name) {
  return std::ranges::any_of(
      patterns, [&](const std::string& pattern) { return fits_pattern(pattern, name); });
}

// The first pattern begins the word.
void append(std::string_view pattern, std::string_view word, std::string& out) {
  out += out.empty() ? word : ",";
  out += pattern;
}

}  // namespace

// Goes back to the last * alone, so that it takes no longer than the product of both lengths.
bool fits_pattern(std::string_view pattern, std::string_view name) {
  std::size_t at = 0, in_name = 0, star = pattern.npos, resumed = 0;
  while (in_name < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      resumed = in_name;
    } else if (at < pattern.size() && pattern[at] == name[in_name]) {
      ++at;
      ++in_name;
    } else if (star != pattern.npos) {
      at = star + 1;
      in_name = ++resumed;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == pattern.npos;
}

std::string TokenScope::add(std::string_view word) {
  if (word == "read-only") {
    read_only_ = true;
    return "";
  }
  if (word == "export") {
    exports_ = true;
    return "";
  }
  if (word == "admin") {
    administers_ = true;
    return "";
  }
  if (word.starts_with(methods_word)) return add_methods(word.substr(methods_word.size()));
  if (word.starts_with(accounts_word)) return add_accounts(word.substr(accounts_word.size()));
  return "what may stand behind a token is read-only, methods=PATTERN,!PATTERN, "
         "accounts=NAME,NAME*, "
         "export and admin";
}

std::string TokenScope::add_methods(std::string_view list) {
  while (true) {
    const auto comma = list.find(',');
    auto pattern = list.substr(0, comma);
    const bool denies = pattern.starts_with('!');
    if (denies) pattern.remove_prefix(1);
    if (pattern.empty() || pattern.size() > longest_pattern || !good_pattern(pattern)) {
      return "methods= takes names of methods with commas between, such as "
             "messages.*,users.get*,!messages.delete*";
    }
    (denies ? denied_ : allowed_).emplace_back(pattern);
    if (allowed_.size() + denied_.size() > most_patterns)
      return "more than 256 methods at one token";
    if (comma == list.npos) return "";
    list.remove_prefix(comma + 1);
  }
}

std::string TokenScope::add_accounts(std::string_view list) {
  while (true) {
    const auto comma = list.find(',');
    const auto pattern = list.substr(0, comma);
    if (pattern.empty() || pattern.size() > longest_pattern || !good_account_pattern(pattern)) {
      return "accounts= takes names of accounts with commas between, such as ada,team-* or *";
    }
    accounts_.emplace_back(pattern);
    if (accounts_.size() > most_patterns) return "more than 256 accounts at one token";
    if (comma == list.npos) return "";
    list.remove_prefix(comma + 1);
  }
}

bool TokenScope::allows_account(std::string_view name) const { return any_fits(accounts_, name); }

std::string_view TokenScope::forbids(std::string_view method) const {
  if (std::ranges::find(harmless, method) != harmless.end()) return "";
  if (read_only_ && !only_reads(method)) return "read-only";
  if (any_fits(denied_, method)) return "methods";
  if (!allowed_.empty() && !any_fits(allowed_, method)) return "methods";
  return "";
}

std::vector<std::string> TokenScope::words() const {
  std::vector<std::string> out;
  if (read_only_) out.emplace_back("read-only");
  std::string methods, accounts;
  for (const auto& pattern : allowed_) append(pattern, methods_word, methods);
  for (const auto& pattern : denied_) append("!" + pattern, methods_word, methods);
  for (const auto& pattern : accounts_) append(pattern, accounts_word, accounts);
  if (!methods.empty()) out.push_back(std::move(methods));
  if (!accounts.empty()) out.push_back(std::move(accounts));
  if (exports_) out.emplace_back("export");
  if (administers_) out.emplace_back("admin");
  return out;
}

std::vector<std::string> TokenScope::unused(const std::vector<std::string_view>& methods) const {
  std::vector<std::string> out;
  for (const auto* patterns : {&allowed_, &denied_}) {
    for (const auto& pattern : *patterns) {
      const bool used = std::ranges::any_of(
          methods, [&](std::string_view method) { return fits_pattern(pattern, method); });
      if (!used) out.push_back(pattern);
    }
  }
  return out;
}

}  // namespace server
