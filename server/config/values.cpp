#include "server/config/values.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "server/upstream/host.hpp"
#include "tl/numbers.hpp"

namespace server::config {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return out;
}

bool digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool digits_and_point(std::string_view text) {
  const auto point = text.find('.');
  if (point == text.npos) return digits(text);
  return digits(text.substr(0, point)) && digits(text.substr(point + 1));
}

// Where the number ends and its unit begins.
std::pair<std::string_view, std::string> split_unit(std::string_view text) {
  const auto at = std::min(text.find_first_not_of("0123456789."), text.size());
  return {text.substr(0, at), lower(text.substr(at))};
}

}  // namespace

std::optional<std::size_t> parse_size(std::string_view text) {
  const auto [number, unit] = split_unit(text);
  if (!digits(number)) return std::nullopt;
  const auto value = tl::parse_uint64(number);
  if (!value) return std::nullopt;
  constexpr std::array<std::pair<std::string_view, int>, 7> units{
      {{"", 0}, {"k", 10}, {"kib", 10}, {"m", 20}, {"mib", 20}, {"g", 30}, {"gib", 30}}};
  for (const auto& [name, shift] : units) {
    if (unit != name) continue;
    if (*value > std::numeric_limits<std::size_t>::max() >> shift) return std::nullopt;
    return std::size_t{*value} << shift;
  }
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto [number, unit] = split_unit(text);
  if (!digits_and_point(number)) return std::nullopt;
  const auto value = tl::parse_double(number);
  double milliseconds = 0;
  if (unit.empty() || unit == "s") {
    milliseconds = 1000;
  } else if (unit == "ms") {
    milliseconds = 1;
  } else if (unit == "m" || unit == "min") {
    milliseconds = 60'000;
  }
  if (!value || milliseconds == 0) return std::nullopt;
  const double total = std::round(*value * milliseconds);
  if (total < 1 || total > 1e12) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(total));
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  const auto port = tl::parse_count(text, 0, 65535);
  if (!port) return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

std::optional<bool> parse_bool(std::string_view text) {
  const auto word = lower(text);
  if (word == "true" || word == "yes" || word == "on" || word == "1") return true;
  if (word == "false" || word == "no" || word == "off" || word == "0") return false;
  return std::nullopt;
}

std::optional<HostPort> parse_host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  const auto before = text.substr(0, colon);
  // Where would an address end and a port begin?
  if (!before.starts_with('[') && before.find(':') != before.npos) return std::nullopt;
  auto host = upstream::bare_host(before);
  const auto port = parse_port(text.substr(colon + 1));
  if (!host || !port || *port == 0) return std::nullopt;
  return HostPort{std::move(*host), *port};
}

bool is_loopback_name(std::string_view host) {
  return host == "localhost" || host == "::1" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

}  // namespace server::config
