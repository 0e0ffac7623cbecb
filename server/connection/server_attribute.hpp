// The attribute `server`: where a connection's Telegram is.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mtproto/framing/transport.hpp"
#include "mtproto/ids.hpp"
#include "server/config/options.hpp"
#include "server/connection/proxy_attribute.hpp"
#include "server/connection/shared_value.hpp"
#include "server/protocol/failure.hpp"
#include "server/protocol/token_scope.hpp"
#include "server/upstream/telegram.hpp"
#include "tl/result.hpp"
#include "tl/value.hpp"

namespace server {

struct ServerChoice {
  std::shared_ptr<const upstream::Telegram> telegram;
  mtproto::DcId dc{2};
  mtproto::ClientTransport transport;
  ProxyPointer proxy = nullptr;
};
using SharedServer = SharedValue<ServerChoice>;

// Which hosts clients may name.
struct AllowedServers {
  bool any = true;                   // the gateway listens on loopback only
  std::vector<std::string> entries;  // HOST, HOST:PORT or *
  std::vector<std::string> proxies;  // the same
  bool direct = true;                // the gateway has no proxy of its own
  bool allows(const upstream::Address&) const;
  bool allows(const ProxyPointer&) const;
};

// What `value` makes of `current`; nothing where it only asks ({}). `table` is the Telegram that
// the gateway was started for.
tl::Result<std::optional<ServerChoice>, Failure> read_server_attribute(
    const tl::Value& value, const ServerChoice& current,
    const std::shared_ptr<const upstream::Telegram>& table, const AllowedServers&);

// What --proxy asks for.
ProxyPointer proxy_of(const Options&);

// Whether a key made with `a` is of any use with `b`.
bool same_environment(const ServerChoice& a, const ServerChoice& b);

// What else is told there of the gateway itself.
struct GatewayNote {
  bool keeps_accounts = false;
  const TokenScope* scope = nullptr;  // of the token that was shown; none: none was wanted
};

void write_server_attribute(const ServerChoice&, const GatewayNote&, std::string& out);

}  // namespace server
