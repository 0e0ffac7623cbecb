// A proxy on the way to Telegram: what it is, as text or as a link that people pass on, and what
// it makes of a connection's transport.
//
//   socks5://[user:password@]host:port      socks5h:// is the same: names are always the proxy's
//   http://[user:password@]host:port        CONNECT
//   tg://proxy?server=…&port=…&secret=…     https://t.me/proxy?…; an MTProxy
//   tg://socks?server=…&port=…[&user=…&pass=…]              https://t.me/socks?…
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mtproto/framing/proxy_secret.hpp"
#include "mtproto/framing/transport.hpp"
#include "server/upstream/telegram.hpp"
#include "tl/result.hpp"

namespace server::upstream {

struct Proxy {
  enum class Kind : std::uint8_t { socks5, http, mtproxy };
  Kind kind = Kind::socks5;
  Address at;
  std::string user, password;   // socks5, http; empty: nobody signs in
  mtproto::ProxySecret secret;  // mtproxy

  bool operator==(const Proxy& other) const;
};

inline constexpr std::size_t longest_proxy_text = 2048;

// What is wrong is told without repeating any of the text, which may hold a password.
tl::Result<Proxy, std::string> read_proxy(std::string_view text);
// An MTProxy from its parts.
tl::Result<Proxy, std::string> make_mtproxy(std::string_view host, std::uint16_t port,
                                            std::string_view secret);

// As read_proxy() takes it, but with *** in the place of password and secret.
std::string shown(const Proxy&);
// A link for people who are to know the secret.
std::string mtproxy_link(const Proxy&);
// "SOCKS5 proxy 127.0.0.1:1080"
std::string described(const Proxy&);

// Through an MTProxy all is obfuscated with its secret, and tells it the data centre.
mtproto::ClientTransport through(const Proxy&, mtproto::ClientTransport, std::int32_t inner_dc);

}  // namespace server::upstream
