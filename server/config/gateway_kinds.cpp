#include "server/config/gateway_kinds.hpp"

#include <filesystem>

#include "mtproto/framing/proxy_secret.hpp"
#include "server/access/authority.hpp"
#include "server/access/trusted_proxies.hpp"
#include "server/config/kinds.hpp"
#include "server/config/values.hpp"
#include "server/upstream/proxy/proxy.hpp"

namespace server::config {

namespace {

// The text as it stands, where it is right.
template <class Right>
auto only_where(Right right) {
  return [right](const std::string& text) -> std::optional<std::string> {
    if (!right(text)) return std::nullopt;
    return text;
  };
}

std::optional<std::string> path_of_socket(const std::string& text) {
  constexpr std::string_view scheme = "unix:";
  constexpr std::size_t most = 107;  // sun_path without its zero
  if (!text.starts_with(scheme) || text.size() == scheme.size() ||
      text.size() > scheme.size() + most) {
    return std::nullopt;
  }
  return text.substr(scheme.size());
}

bool is_folder(const std::string& text) {
  std::error_code ignored;
  return std::filesystem::is_directory(text, ignored);
}

}  // namespace

Set socket_file(std::optional<std::string>& to) {
  auto set = value(to, path_of_socket, "unix:PATH, with a path of at most 107 bytes");
  return {set, [&to] {
            return to ? std::vector<std::string>{"unix:" + *to} : std::vector<std::string>();
          }};
}

Set folder(std::string& to) { return value(to, only_where(is_folder), "a folder that is there"); }

Set allowed_hosts(std::vector<std::string>& to) {
  const auto read = [](const std::string& text) -> std::optional<std::string> {
    const auto authority = access::parse_authority(text);
    if (!authority) return std::nullopt;
    return access::to_string(*authority);
  };
  return value(to, read, "NAME or NAME:PORT, an IPv6 address in brackets");
}

Set allowed_origins(std::vector<std::string>& to) {
  return value(to, access::normal_origin,
               "SCHEME://HOST or SCHEME://HOST:PORT, such as https://example.org");
}

Set trusted_proxies(std::vector<std::string>& to) {
  return value(
      to, only_where([](const std::string& text) { return access::TrustedProxies().add(text); }),
      "an address, a network such as 10.0.0.0/8 with nothing set behind its bits, or unix");
}

Set host_and_port(std::string& to) {
  return value(
      to, only_where([](const std::string& text) { return parse_host_port(text).has_value(); }),
      "HOST:PORT, an IPv6 address in brackets");
}

Set node_url(std::string& to) {
  const auto read = [](const std::string& text) {
    const auto origin = access::normal_origin(text);
    return origin && origin->starts_with("https://") ? origin : std::nullopt;
  };
  return value(to, read, "https://HOST:PORT, without a path");
}

// A shorter one would be lost by every pause of a machine or a disk.
Set lease_time(std::chrono::milliseconds& to) {
  const auto read = [](const std::string& text) {
    const auto time = parse_duration(text);
    const bool fits = time && *time >= std::chrono::seconds(1) && *time <= std::chrono::minutes(10);
    return fits ? time : std::nullopt;
  };
  return value(to, read, "a time of 1 s to 10 minutes: 10, 2.5, 10s, 1m");
}

Set mtproxy_secret(std::string& to) {
  return value(
      to, only_where([](const std::string& text) { return !!mtproto::parse_proxy_secret(text); }),
      "a secret of 16 bytes, alone, after dd, or after ee and followed by a domain, in hex or "
      "base64");
}

Set proxy(std::string& to) {
  auto take = [&to](const std::string& text) -> std::string {
    const auto read = upstream::read_proxy(text);
    if (!read) return "a proxy, but " + read.error();
    to = text;
    return "";
  };
  return {std::move(take), [&to] { return texts_of(to); }};
}

}  // namespace server::config
