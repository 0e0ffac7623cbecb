#include "server/access/token_file.hpp"

#include <algorithm>

#include "server/access/secret_file.hpp"

namespace server::access {
namespace {

constexpr std::size_t shortest_token = 16;
constexpr std::size_t longest_token = 1024;
constexpr std::size_t longest_name = 64;

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
    const auto colon = line.text.find(':');
    if (colon == line.text.npos) return Out(at(path, line, "name:token is due"));
    const auto wrong = tokens->add(line.text.substr(0, colon), line.text.substr(colon + 1));
    if (!wrong.empty()) return Out(at(path, line, wrong));
  }
  if (tokens->all_.empty()) return Out(path + ": there is no line name:token in it");
  return Out(std::shared_ptr<const Tokens>(tokens));
}

std::string Tokens::add(std::string_view name, std::string_view token) {
  if (auto wrong = wrong_name(name); !wrong.empty()) return wrong;
  if (auto wrong = wrong_token(token); !wrong.empty()) return wrong;
  const auto digest = mtproto::sha256({tl::as_bytes(token)});
  for (const auto& other : all_) {
    if (other.name == name) return "the name " + other.name + " a second time";
    if (other.digest == digest) return "the same token as " + other.name + " has";
  }
  all_.push_back({std::string(name), digest});
  return "";
}

std::optional<std::string> Tokens::name_of(std::string_view token) const {
  const auto digest = mtproto::sha256({tl::as_bytes(token)});
  const Entry* found = nullptr;
  for (const auto& entry : all_) {
    if (mtproto::same_secret(entry.digest, digest)) found = &entry;
  }
  if (found == nullptr) return std::nullopt;
  return found->name;
}

tl::Result<mtproto::SecretBytes, std::string> read_own_token(const std::string& path) {
  using Out = tl::Result<mtproto::SecretBytes, std::string>;
  const auto bytes = read_secret_file(path);
  if (!bytes) return Out(bytes.error());
  const auto lines = lines_of(text_of(*bytes));
  if (lines.empty()) return Out(path + ": there is no token in it");
  if (lines.size() > 1) return Out(path + ": more than one line; which token is it to be?");
  const auto& line = lines.front();
  const auto token = line.text.substr(line.text.find(':') + 1);
  if (const auto wrong = wrong_token(token); !wrong.empty()) return Out(at(path, line, wrong));
  return mtproto::SecretBytes(tl::as_bytes(token));
}

}  // namespace server::access
