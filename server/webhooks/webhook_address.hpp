// Whom a webhook may call. Who has an account here is not thereby let into the operator's networks:
// nothing that is not reachable for everybody is called, unless the operator named it.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/access/authority.hpp"
#include "tl/result.hpp"

namespace server::webhooks {

inline constexpr std::size_t longest_webhook_url = 2048;

struct WebhookUrl {
  bool tls = false;
  access::Authority at;  // as it was written
  std::string target;    // "/path?query"

  std::uint16_t port() const { return at.port.value_or(tls ? 443 : 80); }
  // Without brackets.
  std::string host() const;
};

// http and https alone (RFC 3986), without a user and without a fragment. An error is a sentence
// that repeats nothing of it, since it may hold a secret.
tl::Result<WebhookUrl, std::string> read_webhook_url(std::string_view text);

// What kind of address it is that is not called: "loopback", "private", …; empty: it may be. What
// the IANA's registries of special addresses have as not globally reachable, and IPv6 addresses
// that stand for such an IPv4 address.
std::string_view special_address(const boost::asio::ip::address&);

// What the operator named with --allow-webhook: there any address will do.
class AllowedWebhooks {
 public:
  AllowedWebhooks() = default;
  // "HOST" or "HOST:PORT", as access::to_string(Authority) gives them.
  explicit AllowedWebhooks(const std::vector<std::string>& named);

  bool names(const WebhookUrl&) const;

 private:
  std::vector<access::Authority> named_;
};

}  // namespace server::webhooks
