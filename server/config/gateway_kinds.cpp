#include "server/config/gateway_kinds.hpp"

#include <filesystem>

#include "mtproto/framing/proxy_secret.hpp"
#include "server/access/authority.hpp"
#include "server/access/trusted_proxies.hpp"
#include "server/config/values.hpp"
#include "server/upstream/proxy/proxy.hpp"

namespace server::config {

Set socket_file(std::optional<std::string>& to) {
  return [&to](const std::string& text) -> std::string {
    constexpr std::string_view scheme = "unix:";
    constexpr std::size_t most = 107;  // sun_path without its zero
    if (!text.starts_with(scheme) || text.size() == scheme.size() ||
        text.size() > scheme.size() + most) {
      return "unix:PATH, with a path of at most 107 bytes";
    }
    to = text.substr(scheme.size());
    return "";
  };
}

Set folder(std::string& to) {
  return [&to](const std::string& text) -> std::string {
    std::error_code ignored;
    if (!std::filesystem::is_directory(text, ignored)) return "a folder that is there";
    to = text;
    return "";
  };
}

Set allowed_hosts(std::vector<std::string>& to) {
  return [&to](const std::string& text) -> std::string {
    const auto read = access::parse_authority(text);
    if (!read) return "NAME or NAME:PORT, an IPv6 address in brackets";
    to.push_back(access::to_string(*read));
    return "";
  };
}

Set allowed_origins(std::vector<std::string>& to) {
  return [&to](const std::string& text) -> std::string {
    auto read = access::normal_origin(text);
    if (!read) return "SCHEME://HOST or SCHEME://HOST:PORT, such as https://example.org";
    to.push_back(std::move(*read));
    return "";
  };
}

Set trusted_proxies(std::vector<std::string>& to) {
  return [&to](const std::string& text) -> std::string {
    if (!access::TrustedProxies().add(text)) {
      return "an address, a network such as 10.0.0.0/8 with nothing set behind its bits, or unix";
    }
    to.push_back(text);
    return "";
  };
}

Set host_and_port(std::string& to) {
  return [&to](const std::string& text) -> std::string {
    if (!parse_host_port(text)) return "HOST:PORT, an IPv6 address in brackets";
    to = text;
    return "";
  };
}

Set proxy(std::string& to) {
  return [&to](const std::string& text) -> std::string {
    const auto read = upstream::read_proxy(text);
    if (!read) return "a proxy, but " + read.error();
    to = text;
    return "";
  };
}

Set mtproxy_secret(std::string& to) {
  return [&to](const std::string& text) -> std::string {
    if (!mtproto::parse_proxy_secret(text)) {
      return "a secret of 16 bytes, alone, after dd, or after ee and followed by a domain, in hex "
             "or base64";
    }
    to = text;
    return "";
  };
}

}  // namespace server::config
