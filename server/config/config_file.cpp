#include "server/config/config_file.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "tl/byte_order_mark.hpp"

namespace server::config {

namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool is_comment_sign(char c) { return c == '#' || c == ';'; }

// Up to a comment sign behind a blank.
std::string_view without_comment(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (is_comment_sign(text[i]) && blanks.find(text[i - 1]) != blanks.npos) {
      return trim(text.substr(0, i));
    }
  }
  return text;
}

// False where a quote is opened and not closed, or closed too early.
bool read_value(std::string_view text, std::string& out) {
  text = trim(text);
  if (!text.empty() && (text.front() == '"' || text.front() == '\'')) {
    const auto end = text.find(text.front(), 1);
    if (end == text.npos) return false;
    const auto rest = trim(text.substr(end + 1));
    if (!rest.empty() && !is_comment_sign(rest.front())) return false;
    out = text.substr(1, end - 1);
    return true;
  }
  if (!text.empty() && is_comment_sign(text.front())) text = {};
  out = without_comment(text);
  return true;
}

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

tl::Result<std::vector<ConfigEntry>, FileProblem> parse_config(std::string_view text,
                                                               const std::string& file) {
  std::vector<ConfigEntry> entries;
  std::size_t number = 0;
  const auto wrong = [&](const std::string& what) {
    return FileProblem{file + ":" + std::to_string(number) + ": " + what};
  };
  while (!text.empty()) {
    ++number;
    const auto end = text.find('\n');
    const auto line = trim(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.empty() || is_comment_sign(line.front())) continue;
    if (line.front() == '[') {
      if (without_comment(line) == "[streamjson]") continue;
      return wrong("an unknown section; [streamjson] is the only one");
    }
    const auto equals = line.find('=');
    ConfigEntry entry;
    entry.line = number;
    entry.key = trim(equals == line.npos ? without_comment(line) : line.substr(0, equals));
    entry.value = "true";
    if (entry.key.empty()) return wrong("a name is due before the =");
    if (equals != line.npos && !read_value(line.substr(equals + 1), entry.value)) {
      return wrong(entry.key + ": the quotes do not match");
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

tl::Result<std::string, FileProblem> read_small_file(const std::string& file) {
  constexpr std::size_t most = std::size_t{1} << 20;
  const auto wrong = [&](int code) {
    return FileProblem{file + ": " + std::generic_category().message(code)};
  };
  const std::unique_ptr<std::FILE, Closer> from(std::fopen(file.c_str(), "rbe"));
  if (!from) return wrong(errno);
  std::string text(most + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), from.get()));
  if (std::ferror(from.get()) != 0) return wrong(errno);
  if (text.size() > most) return FileProblem{file + ": longer than 1 MiB"};
  if (tl::without_mark(text).size() < text.size()) text.erase(0, tl::byte_order_mark.size());
  return {boost::system::in_place_value, std::move(text)};
}

}  // namespace server::config
