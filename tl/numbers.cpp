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

// What is behind an `e`, far beyond any length of a text at most.
std::int64_t read_exponent(std::string_view text) {
  constexpr std::int64_t furthest = std::int64_t{1} << 40;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  for (const char digit : text) value = std::min(value * 10 + (digit - '0'), furthest);
  return negative ? -value : value;
}

// Whether the absolute value of a decimal number is below one: std::from_chars says only "out of
// range" for what is too large and what is too small alike.
bool below_one(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto mark = text.find_first_of("eE");
  const auto digits = text.substr(0, mark);
  const auto exponent = mark != text.npos ? read_exponent(text.substr(mark + 1)) : 0;
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

// The digits from the first to the last that is no zero, and which powers of ten these two stand for.
Integral read_integral(std::string_view text) {
  using Found = Integral::Kind;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto mark = std::min(text.find_first_of("eE"), text.size());
  const auto digits = text.substr(0, mark);
  const auto first = digits.find_first_of("123456789");
  if (first == std::string_view::npos) return {};
  const auto last = digits.find_last_of("123456789");
  const auto point = std::min(digits.find('.'), digits.size());
  const auto exponent = mark < text.size() ? read_exponent(text.substr(mark + 1)) : 0;
  const auto power = [&](std::size_t at) {
    const auto left = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(at);
    return exponent + (left > 0 ? left - 1 : left);
  };
  constexpr std::int64_t longest = 18;  // powers of ten of a long
  if (power(first) > longest) return {power(first) > longest + 1 ? Found::large : Found::lost};
  if (power(last) < 0) return {power(first) > longest - 3 ? Found::lost : Found::fraction};
  std::int64_t value = 0;  // at most 19 digits: it may be above, and is cut at 2^53 before
  for (auto at = first; at <= last; ++at) {
    if (digits[at] == '.') continue;
    value = value * 10 + (digits[at] - '0');
    if (value > largest_exact) return {Found::lost};
  }
  for (auto zeros = power(last); zeros > 0; --zeros) {
    value *= 10;
    if (value > largest_exact) return {Found::lost};
  }
  return {Found::whole, negative ? -value : value};
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
