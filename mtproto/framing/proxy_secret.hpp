// What an MTProxy wants to be told, as people pass it on: hex, or base64 of either alphabet.
// core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
//
//   key 16                  plain: any framing that can be obfuscated
//   dd | key 16             padded intermediate framing only
//   ee | key 16 | domain    the same, inside of what looks like TLS with that domain
#pragma once

#include <string>
#include <string_view>

#include "mtproto/crypto/secret.hpp"
#include "tl/result.hpp"

namespace mtproto {

inline constexpr std::size_t proxy_key_size = 16;
inline constexpr std::size_t longest_proxy_domain = 182;

struct ProxySecret {
  SecretBytes key;
  bool padded = false;
  std::string domain{};  // empty: no TLS

  bool tls() const { return !domain.empty(); }
};

// errc::bad_proxy_secret where it is none.
tl::Result<ProxySecret> parse_proxy_secret(std::string_view text);
// In hex.
std::string write_proxy_secret(const ProxySecret&);

}  // namespace mtproto
