#include "tl/numbers.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tl {
namespace {

template <class T>
std::optional<T> parse_whole(std::string_view text) {
  T value{};
  const auto* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// Whether the absolute value of a decimal number is below one: std::from_chars says only "out of
// range" for what is too large and what is too small alike.
bool below_one(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto mark = text.find_first_of("eE");
  const auto digits = text.substr(0, mark);
  std::int64_t exponent = 0;
  if (mark != std::string_view::npos) {
    auto written = text.substr(mark + 1);
    const bool negative = written.starts_with('-');
    if (const auto known = parse_whole<std::int32_t>(written.substr(written.starts_with('+')))) {
      exponent = *known;
    } else {
      exponent = negative ? INT32_MIN : INT32_MAX;
    }
  }
  const auto point = std::min(digits.find('.'), digits.size());
  const auto first = digits.find_first_of("123456789");
  if (first == std::string_view::npos) return true;
  const auto before_point = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  return before_point + exponent <= 0;
}

template <class T>
void append_chars(T value, std::string& out) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  out.append(buffer, end);
}

}  // namespace

std::optional<std::int64_t> parse_int64(std::string_view text) {
  return parse_whole<std::int64_t>(text);
}

std::optional<std::uint64_t> parse_uint64(std::string_view text) {
  if (text == "-0") return 0;
  return parse_whole<std::uint64_t>(text);
}

std::optional<std::int64_t> parse_count(std::string_view text, std::int64_t least,
                                        std::int64_t most) {
  const auto value = parse_int64(text);
  if (!value || text.front() == '-' || *value < least || *value > most) return std::nullopt;
  return value;
}

std::optional<double> parse_double(std::string_view text) {
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
  double value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (stop != end) return std::nullopt;
  if (problem == std::errc::result_out_of_range) {
    if (!below_one(text)) return std::nullopt;
    return text.starts_with('-') ? -0.0 : 0.0;
  }
  if (problem != std::errc{} || !std::isfinite(value)) return std::nullopt;
  return value;
}

void append_number(std::int64_t value, std::string& out) { append_chars(value, out); }
void append_number(std::uint64_t value, std::string& out) { append_chars(value, out); }
void append_number(double value, std::string& out) { append_chars(value, out); }

}  // namespace tl
