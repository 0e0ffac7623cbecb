// The kinds of values that options take. Each makes what sets a variable, which must outlive it, by
// an option's text.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
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
// One of `words`; `chosen` is told which, `now` says which it is.
Set choice(std::vector<std::string_view> words, std::function<void(std::size_t)> chosen,
           std::function<std::size_t()> now);

// What a value is set by.
std::string text_of(std::chrono::milliseconds);
std::string text_of(const std::string&);
template <std::integral Number>
std::string text_of(Number value) {
  if constexpr (std::is_same_v<Number, bool>) {
    return value ? "true" : "false";
  } else {
    return std::to_string(value);
  }
}

template <class To>
std::vector<std::string> texts_of(const To& to) {
  if constexpr (std::is_same_v<To, std::vector<std::string>>) {
    return to;
  } else if constexpr (requires { to.has_value(); }) {
    return to ? texts_of(*to) : std::vector<std::string>();
  } else {
    return {text_of(to)};
  }
}

// Any other: `read` gives the value of a text, or none where something else is `due`. What is
// repeatable goes into a vector.
template <class To, class Read>
Set value(To& to, Read read, std::string due) {
  auto take = [&to, read = std::move(read), due = std::move(due)](const std::string& text) {
    auto got = read(text);
    if (!got) return due;
    if constexpr (requires { to.push_back(*got); }) {
      to.push_back(std::move(*got));
    } else {
      to = static_cast<To>(std::move(*got));
    }
    return std::string();
  };
  return {std::move(take), [&to] { return texts_of(to); }};
}

template <class To>
Set number(To& to, std::int64_t least, std::int64_t most, std::string due) {
  return value(
      to, [=](const std::string& text) { return tl::parse_count(text, least, most); },
      std::move(due));
}

}  // namespace server::config
