#include "server/access/token_file.hpp"

#include <algorithm>
#include <charconv>

#include "server/access/secret_file.hpp"
#include "tl/hex.hpp"

namespace server::access {
namespace {

constexpr std::size_t shortest_token = 16;
constexpr std::size_t longest_token = 1024;
constexpr std::size_t longest_name = 64;
constexpr std::string_view digest_mark = "sha256=";

struct Line {
  std::size_t number;
  std::string_view text;
};

std::string_view text_of(const mtproto::SecretBytes& bytes) { return tl::as_text(bytes.bytes()); }

// Those that are neither empty nor comments.
std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> out;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto begin = line.find_first_not_of(" \t");
    if (begin != line.npos && line[begin] != '#') out.push_back({number, line});
  }
  return out;
}

std::string wrong_name(std::string_view name) {
  const bool good =
      !name.empty() && name.size() <= longest_name && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-' || c == '@';
      });
  return good ? "" : "a name has 1 to 64 letters, digits, . _ - or @, and no blanks";
}

std::string wrong_token(std::string_view token) {
  const bool printable =
      std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f' && c != ':'; });
  if (!printable)
    return "a token is of visible ASCII characters other than a colon, without blanks";
  if (token.size() < shortest_token) return "a token has at least 16 characters";
  if (token.size() > longest_token) return "a token has at most 1024 characters";
  return "";
}

// What stands between blanks.
std::string_view next_word(std::string_view& text) {
  const auto begin = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(begin);
  const auto word = text.substr(0, text.find_first_of(" \t"));
  text.remove_prefix(word.size());
  return word;
}

std::optional<mtproto::Sha256> read_digest(std::string_view hex) {
  mtproto::Sha256 out{};
  if (hex.size() != 2 * out.size()) return std::nullopt;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto digits = hex.substr(2 * i, 2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + 2, out[i], 16);
    if (error != std::errc() || end != digits.data() + 2) return std::nullopt;
  }
  return out;
}

// Of the token, or of what stands for it. An error is a sentence.
tl::Result<mtproto::Sha256, std::string> digest_of(std::string_view token) {
  using Out = tl::Result<mtproto::Sha256, std::string>;
  if (token.starts_with(digest_mark)) {
    const auto digest = read_digest(token.substr(digest_mark.size()));
    return digest ? Out(*digest) : Out("64 digits of hexadecimal are due behind sha256=");
  }
  if (auto wrong = wrong_token(token); !wrong.empty()) return Out(std::move(wrong));
  return Out(mtproto::sha256({tl::as_bytes(token)}));
}

std::string at(const std::string& path, const Line& line, const std::string& what) {
  return path + ":" + std::to_string(line.number) + ": " + what;
}

}  // namespace

tl::Result<std::shared_ptr<const Tokens>, std::string> Tokens::load(const std::string& path) {
  using Out = tl::Result<std::shared_ptr<const Tokens>, std::string>;
  const auto bytes = read_secret_file(path);
  if (!bytes) return Out(bytes.error());
  const auto tokens = std::make_shared<Tokens>();
  for (const auto& line : lines_of(text_of(*bytes))) {
    const auto wrong = tokens->add(line.text);
    if (!wrong.empty()) return Out(at(path, line, wrong));
  }
  if (tokens->all_.empty()) return Out(path + ": there is no line name:token in it");
  return Out(std::shared_ptr<const Tokens>(tokens));
}

std::string Tokens::add(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == line.npos) return "name:token is due";
  const auto name = line.substr(0, colon);
  auto rest = line.substr(colon + 1);
  if (auto wrong = wrong_name(name); !wrong.empty()) return wrong;
  if (rest.starts_with(' ') || rest.starts_with('\t')) return wrong_token(" ");
  auto digest = digest_of(next_word(rest));
  if (!digest) return digest.error();
  for (const auto& other : all_) {
    if (other.owner.name == name) return "the name " + other.owner.name + " a second time";
    if (other.digest == *digest) return "the same token as " + other.owner.name + " has";
  }
  TokenScope scope;
  for (auto word = next_word(rest); !word.empty(); word = next_word(rest)) {
    if (auto wrong = scope.add(word); !wrong.empty()) return wrong;
  }
  auto shared = std::make_shared<const TokenScope>(std::move(scope));
  all_.push_back({{std::string(name), std::move(shared)}, *digest});
  return "";
}

std::vector<std::string> Tokens::warnings(const std::vector<std::string_view>& methods) const {
  std::vector<std::string> out;
  for (const auto& [owner, digest] : all_) {
    for (const auto& pattern : owner.scope->unused(methods)) {
      out.push_back("the token of " + owner.name + ": there is no method " + pattern);
    }
  }
  return out;
}

std::optional<TokenOwner> Tokens::owner_of(std::string_view token) const {
  const auto digest = mtproto::sha256({tl::as_bytes(token)});
  const Entry* found = nullptr;
  for (const auto& entry : all_) {
    if (mtproto::same_secret(entry.digest, digest)) found = &entry;
  }
  if (found == nullptr) return std::nullopt;
  return found->owner;
}

std::string write_token_line(std::string_view name, std::string_view token,
                             const std::vector<std::string>& words, std::string& out) {
  if (auto wrong = wrong_name(name); !wrong.empty()) return wrong;
  auto line = std::string(name) + ":" + std::string(digest_mark) +
              tl::to_hex(mtproto::sha256({tl::as_bytes(token)}));
  TokenScope scope;
  for (const auto& word : words) {
    if (auto wrong = scope.add(word); !wrong.empty()) return wrong;
    line += " " + word;
  }
  out += line + "\n";
  return "";
}

tl::Result<mtproto::SecretBytes, std::string> read_own_token(const std::string& path) {
  using Out = tl::Result<mtproto::SecretBytes, std::string>;
  const auto bytes = read_secret_file(path);
  if (!bytes) return Out(bytes.error());
  const auto lines = lines_of(text_of(*bytes));
  if (lines.empty()) return Out(path + ": there is no token in it");
  if (lines.size() > 1) return Out(path + ": more than one line; which token is it to be?");
  const auto& line = lines.front();
  auto rest = line.text.substr(line.text.find(':') + 1);
  const auto token = next_word(rest);
  if (token.starts_with(digest_mark)) return Out(at(path, line, "a token is due, not its digest"));
  if (const auto wrong = wrong_token(token); !wrong.empty()) return Out(at(path, line, wrong));
  return mtproto::SecretBytes(tl::as_bytes(token));
}

}  // namespace server::access
