#include "server/upstream/proxy/proxy.hpp"

#include "server/upstream/host.hpp"

namespace server::upstream {
namespace {

std::string escaped(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

std::string link(const Proxy& proxy, const std::string& secret) {
  return "tg://proxy?server=" + escaped(proxy.at.host) + "&port=" + std::to_string(proxy.at.port) +
         "&secret=" + secret;
}

}  // namespace

bool Proxy::operator==(const Proxy& other) const {
  return kind == other.kind && at.host == other.at.host && at.port == other.at.port &&
         user == other.user && password == other.password &&
         mtproto::same_secret(secret.key.bytes(), other.secret.key.bytes()) &&
         secret.padded == other.secret.padded && secret.domain == other.secret.domain;
}

std::string shown(const Proxy& proxy) {
  if (proxy.kind == Proxy::Kind::mtproxy) return link(proxy, "***");
  std::string out = proxy.kind == Proxy::Kind::socks5 ? "socks5://" : "http://";
  if (!proxy.user.empty()) out += escaped(proxy.user) + ":***@";
  return out + host_and_port(proxy.at);
}

std::string mtproxy_link(const Proxy& proxy) {
  return link(proxy, mtproto::write_proxy_secret(proxy.secret));
}

std::string described(const Proxy& proxy) {
  switch (proxy.kind) {
    case Proxy::Kind::socks5:
      return "SOCKS5 proxy " + host_and_port(proxy.at);
    case Proxy::Kind::http:
      return "HTTP proxy " + host_and_port(proxy.at);
    case Proxy::Kind::mtproxy:
      break;
  }
  return "MTProxy " + host_and_port(proxy.at);
}

mtproto::ClientTransport through(const Proxy& proxy, mtproto::ClientTransport transport,
                                 std::int32_t inner_dc) {
  if (proxy.kind != Proxy::Kind::mtproxy) return transport;
  using mtproto::Framing;
  if (transport.framing == Framing::full) transport.framing = Framing::intermediate;
  if (proxy.secret.padded) transport.framing = Framing::padded;
  transport.obfuscated = true;
  transport.dc = static_cast<std::int16_t>(inner_dc);
  const auto key = proxy.secret.key.bytes();
  transport.proxy_secret.assign(key.begin(), key.end());
  transport.tls = proxy.secret.tls();
  return transport;
}

}  // namespace server::upstream
