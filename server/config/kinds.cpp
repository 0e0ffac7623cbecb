#include "server/config/kinds.hpp"

#include <algorithm>

#include "server/config/values.hpp"
#include "server/upstream/host.hpp"

namespace server::config {

namespace {

std::optional<std::string> anything(const std::string& text) { return text; }

std::optional<std::string> not_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

// "a, b or c"
std::string one_of(const std::vector<std::string_view>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace

Set flag(bool& to) { return value(to, parse_bool, "true or false"); }

Set text(std::string& to) { return value(to, anything, ""); }

Set text(std::optional<std::string>& to) { return value(to, anything, ""); }

Set name(std::string& to, std::string due) { return value(to, not_empty, std::move(due)); }

Set names(std::vector<std::string>& to, std::string due) {
  return value(to, not_empty, std::move(due));
}

Set port(std::uint16_t& to, std::uint16_t least) {
  return number(to, least, 65535, "a port, " + std::to_string(least) + " to 65535");
}

Set size(std::size_t& to, std::size_t least) {
  const auto read = [least](const std::string& text) {
    const auto bytes = parse_size(text);
    return bytes && *bytes >= least ? bytes : std::nullopt;
  };
  return value(to, read,
               "a number of bytes, at least " + std::to_string(least) + ": 4096, 64K, 16M, 1G");
}

Set duration(std::chrono::milliseconds& to) {
  const auto read = [](const std::string& text) {
    const auto time = parse_duration(text);
    return time && *time <= std::chrono::minutes(10) ? time : std::nullopt;
  };
  return value(to, read, "a time of at most 10 minutes: 10, 0.5, 500ms, 10s, 2m");
}

Set host(std::string& to) { return value(to, upstream::bare_host, "a name or an address"); }

Set choice(std::vector<std::string_view> words, std::function<void(std::size_t)> chosen,
           std::function<std::size_t()> now) {
  auto take = [words, chosen = std::move(chosen)](const std::string& text) {
    const auto found = std::ranges::find(words, text);
    if (found == words.end()) return one_of(words);
    chosen(static_cast<std::size_t>(found - words.begin()));
    return std::string();
  };
  return {std::move(take), [words, now = std::move(now)] {
            return std::vector<std::string>{std::string(words[now()])};
          }};
}

std::string text_of(std::chrono::milliseconds time) {
  const auto count = time.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) : std::to_string(count) + "ms";
}

std::string text_of(const std::string& text) { return text; }

}  // namespace server::config
