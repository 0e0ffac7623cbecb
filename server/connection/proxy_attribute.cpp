#include "server/connection/proxy_attribute.hpp"

#include <algorithm>

#include "tl/json_pointer.hpp"
#include "tl/nearest_name.hpp"

namespace server {
namespace {

using Out = tl::Result<ProxyPointer, ProxyProblem>;

constexpr std::string_view proxy_names[] = {"host", "port", "secret"};

Out wrong(std::string path, std::string text) {
  return {boost::system::in_place_error, ProxyProblem{std::move(path), std::move(text)}};
}

Out shared(tl::Result<upstream::Proxy, std::string> read) {
  if (!read) return wrong("", read.error());
  return std::make_shared<const upstream::Proxy>(std::move(*read));
}

Out read_parts(const tl::Value& value) {
  for (const auto& [key, ignored] : value.members()) {
    if (std::ranges::find(proxy_names, key) != std::end(proxy_names)) continue;
    tl::NearestName nearest(key);
    for (const auto name : proxy_names) nearest.offer(name);
    std::string path = "/";
    tl::append_pointer_token(key, path);
    return wrong(std::move(path), "`proxy` has no such member" + nearest.hint());
  }
  const auto host = value["host"];
  const auto port = value["port"].as_int64();
  const auto secret = value["secret"];
  if (!host.is_string()) return wrong("/host", "an MTProxy's name or IP address is due");
  if (!port || *port < 1 || *port > 65'535) return wrong("/port", "a port is due, 1 to 65535");
  if (!secret.is_string()) return wrong("/secret", "an MTProxy's secret is due");
  return shared(
      upstream::make_mtproxy(host.text(), static_cast<std::uint16_t>(*port), secret.text()));
}

}  // namespace

Out read_proxy_attribute(const tl::Value& value, const ProxyPointer& current) {
  if (value.kind() == tl::Value::Kind::boolean && !value.as_bool()) return ProxyPointer();
  if (value.kind() == tl::Value::Kind::object) return read_parts(value);
  if (!value.is_string()) {
    return wrong("", "a proxy's URL, or host, port and secret of an MTProxy, or false is due");
  }
  if (current && value.text() == upstream::shown(*current)) return current;
  return shared(upstream::read_proxy(value.text()));
}

}  // namespace server
