// The kinds of values that options take. Each makes what sets a variable, which must outlive it, by
// an option's text.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/config/setting.hpp"
#include "tl/numbers.hpp"

namespace server::config {

Set flag(bool& to);
Set text(std::string& to);
Set text(std::optional<std::string>& to);
// Not empty: the name of a file or of a host, which are `due`.
Set name(std::string& to, std::string due = "a file's name");
Set names(std::vector<std::string>& to, std::string due = "a file's name");
Set port(std::uint16_t& to, std::uint16_t least = 0);
Set size(std::size_t& to, std::size_t least);
// At most 10 minutes.
Set duration(std::chrono::milliseconds& to);
// An address loses its brackets.
Set host(std::string& to);
// One of `words`; `chosen` is told which.
Set choice(std::vector<std::string_view> words, std::function<void(std::size_t)> chosen);

// Any other: `read` gives the value of a text, or none where something else is `due`. What is
// repeatable goes into a vector.
template <class To, class Read>
Set value(To& to, Read read, std::string due) {
  return [&to, read = std::move(read), due = std::move(due)](const std::string& text) {
    auto got = read(text);
    if (!got) return due;
    if constexpr (requires { to.push_back(*got); }) {
      to.push_back(std::move(*got));
    } else {
      to = static_cast<To>(std::move(*got));
    }
    return std::string();
  };
}

template <class To>
Set number(To& to, std::int64_t least, std::int64_t most, std::string due) {
  return value(
      to, [=](const std::string& text) { return tl::parse_count(text, least, most); },
      std::move(due));
}

}  // namespace server::config
