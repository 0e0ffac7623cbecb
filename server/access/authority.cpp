#include "server/access/authority.hpp"

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include "tl/numbers.hpp"

namespace server::access {
namespace {

namespace ip = boost::asio::ip;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

bool is_label(std::string_view text) {
  constexpr std::size_t longest = 63;
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, [](char c) {
    return is_digit(c) || is_letter(c) || c == '-' || c == '_';
  });
}

// Where the last label is one, the whole is an IPv4 address to browsers, in whatever notation.
bool is_number(std::string_view label) {
  if (label.starts_with("0x")) {
    return label.find_first_not_of("0123456789abcdef", 2) == label.npos;
  }
  return std::ranges::all_of(label, is_digit);
}

bool is_name_or_v4(std::string_view host) {
  constexpr std::size_t longest = 253;
  if (host.size() > longest) return false;
  const auto last = host.substr(host.rfind('.') + 1);
  if (is_label(last) && is_number(last)) {
    boost::system::error_code why;
    ip::make_address_v4(host, why);
    return !why;
  }
  for (;;) {
    const auto dot = host.find('.');
    if (!is_label(host.substr(0, dot))) return false;
    if (dot == host.npos) return true;
    host.remove_prefix(dot + 1);
  }
}

std::optional<std::string> normal_v6(std::string_view inside) {
  if (inside.find_first_not_of("0123456789abcdefABCDEF:.") != inside.npos) return std::nullopt;
  boost::system::error_code why;
  const auto address = ip::make_address_v6(inside, why);
  if (why) return std::nullopt;
  return "[" + address.to_string() + "]";
}

std::optional<std::uint16_t> default_port(std::string_view scheme) {
  if (scheme == "http") return 80;
  if (scheme == "https") return 443;
  return std::nullopt;
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

}  // namespace

std::optional<Authority> parse_authority(std::string_view text) {
  Authority out;
  const auto end = text.starts_with('[') ? text.find(']') : text.find(':');
  if (text.starts_with('[')) {
    if (end == text.npos) return std::nullopt;
    auto address = normal_v6(text.substr(1, end - 1));
    if (!address) return std::nullopt;
    out.host = std::move(*address);
    text.remove_prefix(end + 1);
  } else {
    out.host = lower(text.substr(0, end));
    if (out.host.ends_with('.')) out.host.pop_back();
    if (!is_name_or_v4(out.host)) return std::nullopt;
    text.remove_prefix(std::min(end, text.size()));
  }
  if (text.empty()) return out;
  if (text.front() != ':') return std::nullopt;
  text.remove_prefix(1);
  if (text.empty()) return out;
  constexpr std::size_t longest = 5;
  const auto port = tl::parse_count(text, 0, 65535);
  if (text.size() > longest || !port) return std::nullopt;
  out.port = static_cast<std::uint16_t>(*port);
  return out;
}

std::optional<Authority> parse_bare_loopback(std::string_view text) {
  constexpr std::string_view bare = "::1";
  if (!text.starts_with(bare)) return std::nullopt;
  return parse_authority("[::1]" + std::string(text.substr(bare.size())));
}

std::string to_string(const Authority& authority) {
  return authority.port ? authority.host + ":" + std::to_string(*authority.port) : authority.host;
}

std::optional<Authority> authority_of_host(std::string_view host) {
  const bool six = host.find(':') != host.npos;
  return parse_authority(six ? "[" + std::string(host) + "]" : std::string(host));
}

bool names_loopback(const Authority& authority) {
  const auto& host = authority.host;
  if (host == "localhost" || host.ends_with(".localhost") || host == "[::1]") return true;
  boost::system::error_code why;
  const auto address = ip::make_address_v4(host, why);
  return !why && address.is_loopback();
}

std::optional<std::string> normal_origin(std::string_view text) {
  constexpr std::string_view between = "://";
  const auto at = text.find(between);
  if (at == text.npos) return std::nullopt;
  const auto scheme = lower(text.substr(0, at));
  auto authority = parse_authority(text.substr(at + between.size()));
  if (!is_scheme(scheme) || !authority) return std::nullopt;
  if (authority->port == default_port(scheme)) authority->port.reset();
  return scheme + "://" + to_string(*authority);
}

std::optional<std::string> sent_origin(std::string_view text) {
  constexpr std::string_view between = "://";
  const auto at = text.find(between);
  return normal_origin(at == text.npos ? text
                                       : text.substr(0, text.find('/', at + between.size())));
}

std::string origin_of(const Authority& authority, bool tls) {
  return *normal_origin((tls ? "https://" : "http://") + to_string(authority));
}

}  // namespace server::access
