// The kinds of values that only the gateway's options take, read by the parts that use them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "server/config/setting.hpp"

namespace server::config {

Set socket_file(std::optional<std::string>& to);  // unix:PATH
Set folder(std::string& to);
Set allowed_hosts(std::vector<std::string>& to);
Set allowed_origins(std::vector<std::string>& to);
Set trusted_proxies(std::vector<std::string>& to);
Set host_and_port(std::string& to);
Set proxy(std::string& to);
Set node_url(std::string& to);  // https://HOST:PORT
Set lease_time(std::chrono::milliseconds& to);
Set mtproxy_secret(std::string& to);

}  // namespace server::config
