#include "server/connection/server_attribute.hpp"

#include <algorithm>
#include <array>

#include "mtproto/ids.hpp"
#include "server/upstream/host.hpp"
#include "tl/json_pointer.hpp"
#include "tl/last_members.hpp"
#include "tl/nearest_name.hpp"

namespace server {
namespace {

using upstream::Address;
using upstream::Telegram;

// Those from `telegram` on stand in replies, which may be pasted back.
constexpr std::array<std::string_view, 11> server_names{
    "host",  "port",     "rsa",      "dc",    "transport", "obfuscated",
    "proxy", "telegram", "accounts", "store", "scope"};
constexpr std::int64_t highest_port = 65'535;
constexpr std::uint16_t usual_port = 443;

constexpr std::array<std::string_view, 4> framings{"abridged", "intermediate", "padded", "full"};

// A PEM file may hold several keys, one after another.
std::optional<std::vector<mtproto::RsaPublicKey>> read_keys(std::string_view pem) {
  constexpr std::string_view end_mark = "-----END";
  std::vector<mtproto::RsaPublicKey> keys;
  while (true) {
    const auto begin = pem.find("-----BEGIN");
    if (begin == pem.npos) break;
    const auto mark = pem.find(end_mark, begin);
    if (mark == pem.npos) return {};
    const auto end = pem.find("-----", mark + end_mark.size());
    if (end == pem.npos) return {};
    std::string one(pem.substr(begin, end + 5 - begin));
    one += '\n';
    auto key = mtproto::RsaPublicKey::from_pem(one);
    if (!key) return {};
    keys.push_back(std::move(*key));
    pem.remove_prefix(end + 5);
  }
  if (keys.empty()) return {};
  return keys;
}

struct Wish {
  std::optional<std::string> host;
  std::optional<std::uint16_t> port;
  std::optional<std::vector<mtproto::RsaPublicKey>> keys;
  std::optional<mtproto::DcId> dc;
  mtproto::ClientTransport transport;
  std::optional<ProxyPointer> proxy;
};

std::string read_framing(const tl::Value& value, Wish& wish) {
  for (std::size_t i = 0; i < framings.size(); ++i) {
    if (!value.is_string() || value.text() != framings[i]) continue;
    wish.transport.framing = static_cast<mtproto::Framing>(i);
    return {};
  }
  return R"("abridged", "intermediate", "padded" or "full" is due)";
}

// What should have been there instead, where it can't be read.
std::string read_member(std::string_view key, const tl::Value& value, Wish& wish) {
  if (key == "host") {
    constexpr std::size_t longest = 255;
    if (value.is_string() && value.text().size() <= longest) {
      wish.host = upstream::bare_host(value.text());
    }
    return wish.host ? "" : "a host name or an IP address is due";
  }
  if (key == "port") {
    const auto port = value.as_int64();
    if (!port || *port < 1 || *port > highest_port) return "a port is due, 1 to 65535";
    wish.port = static_cast<std::uint16_t>(*port);
    return {};
  }
  if (key == "rsa") {
    if (value.is_string()) wish.keys = read_keys(value.text());
    return wish.keys ? "" : "an RSA public key of 2048 bits in PEM is due";
  }
  if (key == "dc") {
    const auto dc = value.as_int64();
    if (!dc || *dc < 1 || *dc > mtproto::highest_dc) return "the number of a data centre is due";
    wish.dc = mtproto::DcId(static_cast<std::int32_t>(*dc));
    return {};
  }
  if (key == "transport") return read_framing(value, wish);
  if (key == "obfuscated") {
    if (value.kind() != tl::Value::Kind::boolean) return "true or false is due";
    wish.transport.obfuscated = value.as_bool();
    return {};
  }
  // A reply pasted back holds these.
  if (key == "telegram" || key == "accounts" || key == "store" || key == "scope") return {};
  tl::NearestName nearest(key);
  for (const auto name : server_names) nearest.offer(name);
  return "`server` has no such member" + nearest.hint();
}

bool in_table(const Telegram& table, const Address& address) {
  for (const auto dc : table.known()) {
    for (const auto& known : table.addresses(mtproto::DcId(dc))) {
      if (known.host == address.host && known.port == address.port) return true;
    }
  }
  return false;
}

bool same_keys(const Telegram& a, const Telegram& b) {
  return std::ranges::equal(a.keys, b.keys, {}, &mtproto::RsaPublicKey::fingerprint,
                            &mtproto::RsaPublicKey::fingerprint);
}

// The member as the table has it at `dc`: then the table itself is meant.
bool is_table_entry(const Telegram& table, mtproto::DcId dc, const Address& address,
                    const Wish& wish) {
  const auto known = table.addresses(dc);
  const bool there = std::ranges::any_of(
      known, [&](const Address& at) { return at.host == address.host && at.port == address.port; });
  if (!there || !wish.keys) return there;
  return std::ranges::equal(*wish.keys, table.keys, {}, &mtproto::RsaPublicKey::fingerprint,
                            &mtproto::RsaPublicKey::fingerprint);
}

bool is_in(const std::vector<std::string>& entries, const Address& address) {
  const auto with_port = upstream::host_and_port(address);
  return std::ranges::any_of(entries, [&](const std::string& entry) {
    return entry == "*" || upstream::bare_host(entry) == address.host || entry == with_port;
  });
}

void write_scope(const TokenScope& scope, std::string& out) {
  out += ",\"scope\":[";
  const char* comma = "";
  for (const auto& word : scope.words()) {
    out += comma;
    tl::write_json_string(word, out);
    comma = ",";
  }
  out += ']';
}

}  // namespace

bool AllowedServers::allows(const Address& address) const { return any || is_in(entries, address); }

bool AllowedServers::allows(const ProxyPointer& proxy) const {
  if (any) return true;
  if (proxy) return is_in(proxies, proxy->at);
  return direct || std::ranges::find(proxies, "*") != proxies.end();
}

ProxyPointer proxy_of(const Options& options) {
  if (options.proxy.empty()) return nullptr;
  auto read = upstream::read_proxy(options.proxy);
  return read ? std::make_shared<const upstream::Proxy>(std::move(*read)) : nullptr;
}

tl::Result<std::optional<ServerChoice>, Failure> read_server_attribute(
    const tl::Value& value, const ServerChoice& current,
    const std::shared_ptr<const Telegram>& table, const AllowedServers& allowed) {
  using Out = tl::Result<std::optional<ServerChoice>, Failure>;
  Wish wish;
  wish.transport = current.transport;
  bool asks = true;
  for (const auto& member : tl::last_members(value, server_names)) {
    asks = false;
    if (member.key == "proxy") {
      auto proxy = read_proxy_attribute(member.value, current.proxy);
      if (!proxy) {
        return Out(type_error("/server/proxy" + proxy.error().path, proxy.error().text));
      }
      wish.proxy = std::move(*proxy);
      continue;
    }
    auto wrong = read_member(member.key, member.value, wish);
    if (!wrong.empty()) {
      std::string path = "/server/";
      tl::append_pointer_token(member.key, path);
      return Out(type_error(std::move(path), std::move(wrong)));
    }
  }
  if (asks) return Out(std::optional<ServerChoice>{});
  if (wish.transport.obfuscated && wish.transport.framing == mtproto::Framing::full) {
    return Out(type_error("/server/obfuscated", "full framing can't be obfuscated"));
  }
  if (!wish.host && (wish.port || wish.keys)) {
    return Out(type_error("/server/host", "`host` is due where `port` or `rsa` is named"));
  }

  if (wish.proxy && *wish.proxy != current.proxy && !allowed.allows(*wish.proxy)) {
    return Out(type_error("/server/proxy",
                          "this gateway goes only through its own proxy, if it has one, and "
                          "through what --allow-proxy names"));
  }

  ServerChoice choice = current;
  choice.transport = wish.transport;
  if (wish.proxy) choice.proxy = *wish.proxy;
  choice.dc = wish.dc.value_or(current.dc);
  if (!wish.host) {
    if (wish.dc) {
      choice.telegram = table;
      if (table->addresses(*wish.dc).empty()) {
        return Out(type_error("/server/dc", "there is no such data centre here"));
      }
    }
    return Out(std::optional<ServerChoice>(std::move(choice)));
  }

  const Address address{*wish.host, wish.port.value_or(usual_port)};
  if (is_table_entry(*table, choice.dc, address, wish)) {
    choice.telegram = table;
    return Out(std::optional<ServerChoice>(std::move(choice)));
  }
  if (!allowed.allows(address) && !in_table(*table, address)) {
    return Out(type_error("/server/host",
                          "this gateway connects only to its own data centres and to what "
                          "--allow-server names"));
  }
  auto custom = std::make_shared<Telegram>();
  custom->kind = Telegram::Kind::custom;
  custom->data_centres[choice.dc.value()] = {address};
  custom->keys = wish.keys ? std::move(*wish.keys) : current.telegram->keys;
  choice.telegram = std::move(custom);
  return Out(std::optional<ServerChoice>(std::move(choice)));
}

bool same_environment(const ServerChoice& a, const ServerChoice& b) {
  return a.dc == b.dc && same_keys(*a.telegram, *b.telegram);
}

void write_server_attribute(const ServerChoice& choice, const GatewayNote& gateway,
                            std::string& out) {
  const auto addresses = choice.telegram->addresses(choice.dc);
  const auto address = addresses.empty() ? Address{} : addresses.front();
  std::string pem;
  for (const auto& key : choice.telegram->keys) pem += key.to_pem();
  out += "{\"host\":";
  tl::write_json_string(address.host, out);
  out += ",\"port\":" + std::to_string(address.port);
  out += ",\"rsa\":";
  tl::write_json_string(pem, out);
  out += ",\"dc\":" + std::to_string(choice.dc.value());
  if (choice.transport.framing != mtproto::Framing::intermediate) {
    out += ",\"transport\":";
    tl::write_json_string(framings[static_cast<std::size_t>(choice.transport.framing)], out);
  }
  if (choice.transport.obfuscated) out += ",\"obfuscated\":true";
  if (choice.proxy) {
    out += ",\"proxy\":";
    tl::write_json_string(upstream::shown(*choice.proxy), out);
  }
  out += ",\"telegram\":";
  tl::write_json_string(name_of(choice.telegram->kind), out);
  if (!choice.telegram->accounts.empty()) {
    out += ",\"accounts\":[";
    const char* comma = "";
    for (const auto& account : choice.telegram->accounts) {
      out.append(comma).append("{");
      const char* between = "";
      const auto give = [&](std::string_view name, std::string_view value) {
        if (value.empty()) return;
        out.append(between).append("\"").append(name).append("\":");
        tl::write_json_string(value, out);
        between = ",";
      };
      give("phone", account.phone);
      give("name", account.name);
      give("code", account.code);
      give("password", account.password);
      give("bot_token", account.bot_token);
      out += '}';
      comma = ",";
    }
    out += ']';
  }
  if (gateway.keeps_accounts) out += ",\"store\":true";
  if (gateway.scope != nullptr) write_scope(*gateway.scope, out);
  out += '}';
}

}  // namespace server
