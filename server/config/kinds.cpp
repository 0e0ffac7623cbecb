#include "server/config/kinds.hpp"

#include <algorithm>

#include "server/config/values.hpp"
#include "server/upstream/host.hpp"

namespace server::config {

namespace {

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

Set flag(bool& to) {
  return [&to](const std::string& text) -> std::string {
    const auto read = parse_bool(text);
    if (!read) return "true or false";
    to = *read;
    return "";
  };
}

Set text(std::string& to) {
  return [&to](const std::string& text) -> std::string {
    to = text;
    return "";
  };
}

Set text(std::optional<std::string>& to) {
  return [&to](const std::string& text) -> std::string {
    to = text;
    return "";
  };
}

Set name(std::string& to, std::string due) {
  return [&to, due = std::move(due)](const std::string& text) -> std::string {
    if (text.empty()) return due;
    to = text;
    return "";
  };
}

Set names(std::vector<std::string>& to, std::string due) {
  return [&to, due = std::move(due)](const std::string& text) -> std::string {
    if (text.empty()) return due;
    to.push_back(text);
    return "";
  };
}

Set port(std::uint16_t& to, std::uint16_t least) {
  return [&to, least](const std::string& text) -> std::string {
    const auto read = parse_port(text);
    if (!read || *read < least) return "a port, " + std::to_string(least) + " to 65535";
    to = *read;
    return "";
  };
}

Set size(std::size_t& to, std::size_t least) {
  return [&to, least](const std::string& text) -> std::string {
    const auto read = parse_size(text);
    if (!read || *read < least) {
      return "a number of bytes, at least " + std::to_string(least) + ": 4096, 64K, 16M, 1G";
    }
    to = *read;
    return "";
  };
}

Set duration(std::chrono::milliseconds& to) {
  return [&to](const std::string& text) -> std::string {
    const auto read = parse_duration(text);
    if (!read || *read > std::chrono::minutes(10)) {
      return "a time of at most 10 minutes: 10, 0.5, 500ms, 10s, 2m";
    }
    to = *read;
    return "";
  };
}

Set host(std::string& to) {
  return [&to](const std::string& text) -> std::string {
    auto read = upstream::bare_host(text);
    if (!read) return "a name or an address";
    to = std::move(*read);
    return "";
  };
}

Set choice(std::vector<std::string_view> words, std::function<void(std::size_t)> chosen) {
  return [words = std::move(words), chosen = std::move(chosen)](const std::string& text) {
    const auto found = std::ranges::find(words, text);
    if (found == words.end()) return one_of(words);
    chosen(static_cast<std::size_t>(found - words.begin()));
    return std::string();
  };
}

}  // namespace server::config
