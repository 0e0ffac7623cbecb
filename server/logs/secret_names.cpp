#include "server/logs/secret_names.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string>

#include "server/logs/contains.hpp"

namespace server::logs {
namespace {

constexpr std::size_t longest_name = 64;

constexpr std::array<std::string_view, 6> words{"token",    "secret", "hash",
                                                "password", "code",   "key"};

// The gateway's own, as people mistype them. The first three also as a word within a name.
constexpr std::array<std::string_view, 10> own{
    "password", "token",   "secret",        "authkey",   "string",
    "bottoken", "apihash", "phonecodehash", "emailcode", "recoverycode"};
constexpr std::size_t own_words = 3;

// They sound like it, and open nothing.
constexpr std::array<std::string_view, 22> plain{
    // What language or country somebody has, and how a video is packed.
    "lang_code", "lang_codes", "base_lang_code", "system_lang_code", "suggested_lang_code",
    "plural_code", "country_code", "country_codes", "video_codec",
    // Words to search by.
    "hashtag", "keyword", "keywords",
    // What everybody may know of a key. A secret one has another name.
    "public_key", "public_keys", "key_fingerprint", "public_key_fingerprint",
    "server_public_key_fingerprints",
    // Numbers that tell one thing from another.
    "error_code", "token_type",
    // They hold objects, whose members have names of their own.
    "sent_code", "passkeys", "file_hashes"};

// No near miss of them is longer.
constexpr std::size_t longest_slip = 15;

// A near miss of `string`, and a member of several objects.
constexpr std::string_view no_slip = "strings";

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
char lower(char c) { return is_capital(c) ? static_cast<char>(c + 32) : c; }

// "authKey", "auth-key", "AUTH_KEY": authkey
std::string squeezed(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (is_letter_or_digit(c)) out += lower(c);
  }
  return out;
}

// Which letters there are, a bit each; digits are rare and share one.
std::uint32_t letters_in(std::string_view word) {
  std::uint32_t out = 0;
  for (const char c : word) out |= 1U << (c >= 'a' && c <= 'z' ? c - 'a' : 26);
  return out;
}

// How many letters are too many, too few, wrong or in the place of their neighbour (optimal string
// alignment).
std::size_t slips(std::string_view a, std::string_view b) {
  using Row = std::array<std::size_t, longest_slip + 1>;
  Row before{}, last{}, row{};
  for (std::size_t i = 0; i <= a.size(); ++i) last[i] = i;
  for (std::size_t k = 1; k <= b.size(); ++k) {
    row[0] = k;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      const std::size_t change = a[i - 1] == b[k - 1] ? 0 : 1;
      row[i] = std::min({last[i - 1] + change, last[i] + 1, row[i - 1] + 1});
      const bool swapped = i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1];
      if (swapped) row[i] = std::min(row[i], before[i - 2] + 1);
    }
    before = last;
    last = row;
  }
  return last[a.size()];
}

bool is_slip_of(std::string_view word, std::string_view known) {
  const std::size_t most = known.size() < 8 ? 1 : 2;
  if (word.size() + most < known.size() || known.size() + most < word.size()) return false;
  const auto others = std::popcount(letters_in(word) ^ letters_in(known));
  if (static_cast<std::size_t>(others) > 2 * most) return false;
  return slips(word, known) <= most;
}

// Too short for a wrong letter: `mode` and `node` are words.
bool is_slip_of_code(std::string_view word) {
  constexpr std::array<std::string_view, 8> known{"cod",  "coe",  "cde",  "ode",
                                                  "cdoe", "coed", "ocde", "coode"};
  return std::ranges::find(known, word) != known.end();
}

bool has_slip_in_a_word(std::string_view name) {
  std::string word;
  const auto is_slip = [&] {
    return std::any_of(own.begin(), own.begin() + own_words,
                       [&](std::string_view known) { return is_slip_of(word, known); });
  };
  for (const char c : name) {
    if (!is_letter_or_digit(c) || is_capital(c)) {
      if (is_slip()) return true;
      word.clear();
    }
    if (is_letter_or_digit(c)) word += lower(c);
  }
  return is_slip();
}

bool is_slip(std::string_view name, std::string_view squeezed_name) {
  if (squeezed_name == no_slip) return false;
  const auto is_near = [&](std::string_view known) { return is_slip_of(squeezed_name, known); };
  return std::ranges::any_of(own, is_near) || is_slip_of_code(squeezed_name) ||
         has_slip_in_a_word(name);
}

}  // namespace

bool is_secret_name(std::string_view name) {
  if (name.size() > longest_name) return true;
  if (std::ranges::find(plain, name) != plain.end()) return false;
  const auto letters = squeezed(name);
  return std::ranges::any_of(words, [&](auto word) { return contains(letters, word); }) ||
         is_slip(name, letters);
}

bool is_only_a_hash(std::string_view name) {
  if (name.size() > longest_name) return false;
  const auto letters = squeezed(name);
  return contains(letters, "hash") && std::ranges::none_of(words, [&](auto word) {
           return word != "hash" && contains(letters, word);
         });
}

}  // namespace server::logs
