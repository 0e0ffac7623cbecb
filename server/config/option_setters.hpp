// What an option's text does to the options: each gives nothing, or what is due in its place. For
// option_table.cpp only.
#pragma once

#include <algorithm>
#include <filesystem>
#include <limits>

#include "server/access/authority.hpp"
#include "server/access/trusted_proxies.hpp"
#include "server/config/option_table.hpp"
#include "server/config/values.hpp"
#include "server/upstream/host.hpp"
#include "server/upstream/proxy/proxy.hpp"
#include "tl/numbers.hpp"

namespace server::setters {

using Draft = OptionDraft;
using Text = std::string;

inline constexpr std::string_view levels[] = {"trace", "debug", "info", "warn", "error", "off"};

// Members by path, so that a table line says what it sets.
template <class Get>
Text set_flag(bool Get::*member, Get& to, const Text& value) {
  const auto read = parse_bool(value);
  if (!read) return "true or false";
  to.*member = *read;
  return "";
}

template <bool Options::*member>
Text flag(Draft& draft, const Text& value) {
  return set_flag(member, draft.options, value);
}

template <Text AppIdentity::*member>
Text identity(Draft& draft, const Text& value) {
  draft.options.app.*member = value;
  return "";
}

template <Text Options::*member>
Text file(Draft& draft, const Text& value) {
  if (value.empty()) return "a file's name";
  draft.options.*member = value;
  return "";
}

template <unsigned Options::*member, int most>
Text count(Draft& draft, const Text& value) {
  const auto read = tl::parse_count(value, 0, most);
  if (!read) return "a number, 0 to " + std::to_string(most);
  draft.options.*member = static_cast<unsigned>(*read);
  return "";
}

template <Text SandboxOptions::*member>
Text sandbox_file(Draft& draft, const Text& value) {
  if (value.empty()) return "a file's name";
  draft.options.sandbox.*member = value;
  return "";
}

template <std::uint16_t& (*place)(Options&)>
Text port(Draft& draft, const Text& value) {
  const auto read = parse_port(value);
  if (!read) return "a port, 0 to 65535";
  place(draft.options) = *read;
  return "";
}

template <std::chrono::milliseconds Options::*member>
Text duration(Draft& draft, const Text& value) {
  const auto read = parse_duration(value);
  if (!read || *read > std::chrono::minutes(10)) {
    return "a time of at most 10 minutes: 10, 0.5, 500ms, 10s, 2m";
  }
  draft.options.*member = *read;
  return "";
}

template <std::size_t Options::*member, std::size_t least>
Text size(Draft& draft, const Text& value) {
  const auto read = parse_size(value);
  if (!read || *read < least) {
    return "a number of bytes, at least " + std::to_string(least) + ": 4096, 64K, 16M, 1G";
  }
  draft.options.*member = *read;
  return "";
}

inline std::uint16_t& own_port(Options& options) { return options.port; }
inline std::uint16_t& sandbox_port(Options& options) { return options.sandbox.port; }

inline Text host(Draft& draft, const Text& value) {
  auto read = upstream::bare_host(value);
  if (!read) return "a name or an address";
  draft.options.host = std::move(*read);
  return "";
}

inline Text listen(Draft& draft, const Text& value) {
  constexpr std::string_view scheme = "unix:";
  constexpr std::size_t most = 107;  // sun_path without its zero
  if (!value.starts_with(scheme) || value.size() == scheme.size() ||
      value.size() > scheme.size() + most) {
    return "unix:PATH, with a path of at most 107 bytes";
  }
  draft.options.unix_path = value.substr(scheme.size());
  return "";
}

inline Text scheme_file(Draft& draft, const Text& value) {
  if (value.empty()) return "a file's name";
  draft.options.schemes.push_back(value);
  return "";
}

inline Text layer(Draft& draft, const Text& value) {
  const auto read = tl::parse_count(value, 1, 100'000);
  if (!read) return "a layer's number";
  draft.options.layer = static_cast<int>(*read);
  return "";
}

inline Text api_id(Draft& draft, const Text& value) {
  const auto read = tl::parse_count(value, 1, std::numeric_limits<std::int32_t>::max());
  if (!read) return "a number above 0";
  draft.options.app.api_id = static_cast<std::int32_t>(*read);
  return "";
}

inline Text dc(Draft& draft, const Text& value) {
  const auto read = tl::parse_count(value, 1, 999);
  if (!read) return "a data centre's number";
  draft.options.dc = static_cast<int>(*read);
  return "";
}

inline Text custom_server(Draft& draft, const Text& value) {
  if (!parse_host_port(value)) return "HOST:PORT, an IPv6 address in brackets";
  draft.server = value;
  return "";
}

inline Text rsa_file(Draft& draft, const Text& value) {
  if (value.empty()) return "a file's name";
  draft.rsa_file = value;
  return "";
}

inline Text allow_server(Draft& draft, const Text& value) {
  if (value.empty()) return "HOST, HOST:PORT or *";
  draft.options.allow_server.push_back(value);
  return "";
}

inline Text transport(Draft& draft, const Text& value) {
  constexpr std::string_view names[] = {"abridged", "intermediate", "padded", "full"};
  const auto found = std::ranges::find(names, value);
  if (found == std::end(names)) return "abridged, intermediate, padded or full";
  draft.options.transport = static_cast<mtproto::Framing>(found - std::begin(names));
  return "";
}

inline Text proxy(Draft& draft, const Text& value) {
  const auto read = upstream::read_proxy(value);
  if (!read) return "a proxy, but " + read.error();
  draft.options.proxy = value;
  return "";
}

inline Text allow_proxy(Draft& draft, const Text& value) {
  if (value.empty()) return "HOST, HOST:PORT or *";
  draft.options.allow_proxy.push_back(value);
  return "";
}

inline Text sandbox_mtproxy(Draft& draft, const Text& value) {
  if (!mtproto::parse_proxy_secret(value)) {
    return "a secret of 16 bytes, alone, after dd, or after ee and followed by a domain, in hex or "
           "base64";
  }
  draft.options.sandbox.mtproxy = value;
  return "";
}

inline Text sandbox(Draft& draft, const Text& value) {
  return set_flag(&SandboxOptions::enabled, draft.options.sandbox, value);
}

inline Text allow_host(Draft& draft, const Text& value) {
  const auto read = access::parse_authority(value);
  if (!read) return "NAME or NAME:PORT, an IPv6 address in brackets";
  draft.options.allow_host.push_back(access::to_string(*read));
  return "";
}

inline Text allow_origin(Draft& draft, const Text& value) {
  auto read = access::normal_origin(value);
  if (!read) return "SCHEME://HOST or SCHEME://HOST:PORT, such as https://example.org";
  draft.options.allow_origin.push_back(std::move(*read));
  return "";
}

inline Text trust_proxy(Draft& draft, const Text& value) {
  if (!access::TrustedProxies().add(value)) {
    return "an address, a network such as 10.0.0.0/8 with nothing set behind its bits, or unix";
  }
  draft.options.trust_proxy.push_back(value);
  return "";
}

inline Text web(Draft& draft, const Text& value) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(value, ignored)) return "a folder that is there";
  draft.options.web = value;
  return "";
}

inline Text log_level(Draft& draft, const Text& value) {
  if (std::ranges::find(levels, value) == std::end(levels)) {
    return "trace, debug, info, warn, error or off";
  }
  draft.options.log_level = value;
  return "";
}

}  // namespace server::setters
