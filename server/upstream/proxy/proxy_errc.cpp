#include "server/upstream/proxy/proxy_errc.hpp"

#include <string>

namespace server::upstream {
namespace {

const char* describe(proxy_errc code) {
  switch (code) {
    case proxy_errc::closed:
      return "the proxy closed the connection";
    case proxy_errc::silent:
      return "the proxy did not answer in time";
    case proxy_errc::chatter:
      return "the proxy says what nobody asked for";
    case proxy_errc::wants_password:
      return "the proxy wants a user name and a password";
    case proxy_errc::wrong_password:
      return "the proxy refused the user name or the password";
    case proxy_errc::unknown_ways:
      return "the proxy wants another way of signing in than a user name and a password";
    case proxy_errc::not_socks5:
      return "the proxy does not speak SOCKS5";
    case proxy_errc::not_http:
      return "the proxy does not speak HTTP";
    case proxy_errc::bad_target:
      return "no proxy can be asked for this address";
    case proxy_errc::general_failure:
      return "the proxy failed to connect to the data centre";
    case proxy_errc::not_allowed:
      return "the proxy does not allow connections to the data centre";
    case proxy_errc::network_unreachable:
      return "the proxy can't reach the data centre's network";
    case proxy_errc::host_unreachable:
      return "the proxy can't reach the data centre";
    case proxy_errc::refused:
      return "the data centre refused the proxy's connection";
    case proxy_errc::expired:
      return "the proxy's way to the data centre is too long";
    case proxy_errc::no_command:
      return "the proxy makes no connections";
    case proxy_errc::no_address_type:
      return "the proxy takes no addresses of this kind";
    case proxy_errc::not_tls:
      return "the proxy does not answer as its secret says, in what looks like TLS";
    case proxy_errc::no_proof:
      return "the proxy does not know this secret";
    case proxy_errc::secret_unanswered:
      return "the proxy stays silent: its secret may be another one";
    case proxy_errc::secret_refused:
      return "the proxy closed the connection: its secret may be another one";
    case proxy_errc::http_status:
      break;
  }
  return nullptr;
}

// Boost's base has a protected destructor and lets friends destroy it; g++ 12 calls that
// accessible.
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class Category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "proxy"; }
  std::string message(int code) const override {
    if (const char* known = describe(static_cast<proxy_errc>(code))) return known;
    const auto status = code - static_cast<int>(proxy_errc::http_status);
    return "the proxy answered with HTTP status " + std::to_string(status);
  }
};

}  // namespace

const boost::system::error_category& proxy_category() {
  static const Category category;
  return category;
}

bool is_about_target(const boost::system::error_code& why) {
  if (why.category() != proxy_category()) return false;
  const auto code = static_cast<proxy_errc>(why.value());
  return (code >= proxy_errc::general_failure && code <= proxy_errc::no_address_type) ||
         code > proxy_errc::http_status;
}

}  // namespace server::upstream
