#include "server/upstream/host.hpp"

#include <boost/asio/ip/address_v6.hpp>

namespace server::upstream {

std::optional<std::string> bare_host(std::string_view text) {
  if (text.empty()) return {};
  if (!text.starts_with('[')) return std::string(text);
  if (!text.ends_with(']')) return {};
  std::string inside(text.substr(1, text.size() - 2));
  boost::system::error_code why;
  boost::asio::ip::make_address_v6(inside, why);
  if (why) return {};
  return inside;
}

std::string host_and_port(const Address& at) {
  const bool v6 = at.host.find(':') != at.host.npos;
  return (v6 ? "[" + at.host + "]" : at.host) + ":" + std::to_string(at.port);
}

}  // namespace server::upstream
