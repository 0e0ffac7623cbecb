#include "server/webhooks/webhook_address.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace server::webhooks {
namespace {

namespace ip = boost::asio::ip;

struct Range4 {
  std::array<std::uint8_t, 4> prefix;
  unsigned bits;
  std::string_view kind;
};

// iana.org/assignments/iana-ipv4-special-registry
constexpr Range4 special4[] = {
    {{0, 0, 0, 0}, 8, "unspecified"},
    {{10, 0, 0, 0}, 8, "private"},
    {{100, 64, 0, 0}, 10, "a provider's own"},
    {{127, 0, 0, 0}, 8, "loopback"},
    {{169, 254, 0, 0}, 16, "link-local"},
    {{172, 16, 0, 0}, 12, "private"},
    {{192, 0, 0, 0}, 24, "reserved"},
    {{192, 0, 2, 0}, 24, "for documentation"},
    {{192, 88, 99, 0}, 24, "of 6to4"},
    {{192, 168, 0, 0}, 16, "private"},
    {{198, 18, 0, 0}, 15, "for benchmarks"},
    {{198, 51, 100, 0}, 24, "for documentation"},
    {{203, 0, 113, 0}, 24, "for documentation"},
    {{224, 0, 0, 0}, 4, "multicast"},
    {{240, 0, 0, 0}, 4, "reserved"},
};

struct Range6 {
  std::array<std::uint8_t, 16> prefix;
  unsigned bits;
  std::string_view kind;
};

// iana.org/assignments/iana-ipv6-special-registry. Beyond 2000::/3 nothing is given out at all.
constexpr Range6 special6[] = {
    {{0}, 128, "unspecified"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, "loopback"},
    {{0}, 96, "IPv4-compatible"},
    {{0, 0x64, 0xff, 0x9b, 0, 1}, 48, "of a local NAT64"},
    {{0x20, 0x01}, 32, "of Teredo"},
    {{0x20, 0x01, 0, 2}, 48, "for benchmarks"},
    {{0x20, 0x01}, 23, "reserved"},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "for documentation"},
    {{0x20, 0x02}, 16, "of 6to4"},
    {{0x3f, 0xff}, 20, "for documentation"},
    {{0xfc}, 7, "unique-local"},
    {{0xfe, 0x80}, 10, "link-local"},
    {{0xfe, 0xc0}, 10, "site-local"},
    {{0xff}, 8, "multicast"},
};
constexpr Range6 given_out{{0x20}, 3, ""};
constexpr Range6 mapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, ""};
constexpr Range6 nat64{{0, 0x64, 0xff, 0x9b}, 96, ""};

template <class Bytes, class Range>
bool within(const Bytes& bytes, const Range& range) {
  for (unsigned bit = 0; bit < range.bits; bit += 8) {
    const auto left = range.bits - bit;
    const auto mask = left >= 8 ? 0xffU : 0xffU << (8 - left) & 0xffU;
    if (((bytes[bit / 8] ^ range.prefix[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

std::string_view special(const ip::address_v4& address) {
  const auto bytes = address.to_bytes();
  for (const auto& range : special4) {
    if (within(bytes, range)) return range.kind;
  }
  return {};
}

std::string_view special(const ip::address_v6& address) {
  const auto bytes = address.to_bytes();
  if (within(bytes, mapped) || within(bytes, nat64)) {
    return special(ip::address_v4({bytes[12], bytes[13], bytes[14], bytes[15]}));
  }
  for (const auto& range : special6) {
    if (within(bytes, range)) return range.kind;
  }
  return within(bytes, given_out) ? std::string_view() : "reserved";
}

// Removes `prefix`, whatever the case of its letters.
bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(text[i])) != prefix[i]) return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::string WebhookUrl::host() const {
  if (!at.host.starts_with('[')) return at.host;
  return at.host.substr(1, at.host.size() - 2);
}

tl::Result<WebhookUrl, std::string> read_webhook_url(std::string_view text) {
  using namespace std::string_literals;
  if (text.size() > longest_webhook_url) return "a URL of at most 2048 characters is due"s;
  // Programs do not agree what a backslash is.
  const auto may_stand = [](char c) { return c > ' ' && c < 0x7f && c != '\\'; };
  if (!std::ranges::all_of(text, may_stand)) {
    return "a URL has no blanks, no \\ and no letters beyond ASCII's"s;
  }
  WebhookUrl out;
  out.tls = take_prefix(text, "https://");
  if (!out.tls && !take_prefix(text, "http://")) return "https:// or http:// is due"s;
  if (text.find('#') != text.npos) return "a URL without a fragment (#…) is due"s;
  const auto end = std::min(text.find_first_of("/?"), text.size());
  const auto authority = text.substr(0, end);
  if (authority.find('@') != authority.npos) {
    return "a URL without user and password is due"s;
  }
  const auto at = access::parse_authority(authority);
  if (!at || at->port == 0) return "a URL of a host, which may have a port, is due"s;
  out.at = *at;
  out.target = text.substr(end);
  if (!out.target.starts_with('/')) out.target.insert(0, "/");
  return out;
}

std::string_view special_address(const ip::address& address) {
  return address.is_v4() ? special(address.to_v4()) : special(address.to_v6());
}

AllowedWebhooks::AllowedWebhooks(const std::vector<std::string>& named) {
  for (const auto& text : named) {
    if (auto at = access::parse_authority(text)) named_.push_back(std::move(*at));
  }
}

bool AllowedWebhooks::names(const WebhookUrl& url) const {
  return std::ranges::any_of(named_, [&](const access::Authority& one) {
    return one.host == url.at.host && (!one.port || *one.port == url.port());
  });
}

}  // namespace server::webhooks
