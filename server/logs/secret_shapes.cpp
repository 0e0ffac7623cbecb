#include "server/logs/secret_shapes.hpp"

#include <algorithm>

#include "server/logs/contains.hpp"
#include "server/logs/secret_names.hpp"

namespace server::logs {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_letter(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; }

// Base64 of either alphabet, as it is and percent-encoded, hex, numbers with commas between.
bool is_of_a_key(char c) { return is_name_letter(c) || contains("+/=%,[]", {&c, 1}); }
// Between the lines of one; a backslash where it is text within text.
bool is_break(char c) { return contains(" \t\r\n\\", {&c, 1}); }

// Whether it is as long as 64 bytes are in hex. Words that are shorter than a line are prose.
bool has_key(std::string_view text) {
  constexpr std::size_t long_enough = 128;
  constexpr std::size_t shortest_line = 40;
  std::size_t all = 0, line = 0;
  for (const char c : text) {
    if (is_of_a_key(c)) {
      ++line;
      if (++all >= long_enough) return true;
    } else {
      if (!is_break(c) || (line != 0 && line < shortest_line)) all = 0;
      line = 0;
    }
  }
  return false;
}

// 123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11
bool has_bot_token(std::string_view text) {
  constexpr std::size_t shortest_id = 5, shortest_rest = 30;
  for (auto colon = text.find(':'); colon != text.npos; colon = text.find(':', colon + 1)) {
    const auto before = text.substr(0, colon);
    const auto id = before.size() - (before.find_last_not_of("0123456789") + 1);
    const auto behind = text.substr(colon + 1);
    const auto rest = std::ranges::find_if_not(behind, is_name_letter) - behind.begin();
    if (id >= shortest_id && static_cast<std::size_t>(rest) >= shortest_rest) return true;
    if (rest > 0) colon += static_cast<std::size_t>(rest);
  }
  return false;
}

bool has_private_key(std::string_view text) { return contains(text, "PRIVATE KEY-----"); }
bool is_public_key(std::string_view text) {
  return text.starts_with("-----BEGIN") && contains(text, "PUBLIC KEY-----");
}

// ?name=… and &name=…
bool has_secret_parameter(std::string_view query) {
  while (true) {
    const auto begin = query.find_first_of("?&");
    if (begin == query.npos) return false;
    query.remove_prefix(begin + 1);
    const auto end = query.find_first_of("=?&");
    if (end != query.npos && query[end] == '=' && is_secret_name(query.substr(0, end))) return true;
  }
}

bool has_secret_link(std::string_view text) {
  if (contains(text, "t.me/login/")) return true;
  const auto mark = text.find("://");
  if (mark == text.npos) return false;
  const auto behind = text.substr(mark + 3);
  const auto host = behind.substr(0, behind.find_first_of("/?# "));
  const auto at = host.rfind('@');
  return (at != host.npos && contains(host.substr(0, at), ":")) || has_secret_parameter(behind);
}

}  // namespace

bool looks_secret(std::string_view text) {
  if (has_private_key(text)) return true;
  return (has_key(text) && !is_public_key(text)) || has_bot_token(text) || has_secret_link(text);
}

bool looks_secret(std::span<const tl::Value> items) {
  constexpr std::size_t long_enough = 64;
  return items.size() >= long_enough &&
         std::ranges::all_of(items.first(long_enough), [](const tl::Value& item) {
           const auto number = item.as_uint64();
           return number && *number < 256;
         });
}

}  // namespace server::logs
