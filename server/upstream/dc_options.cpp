#include "server/upstream/dc_options.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <optional>

#include "mtproto/ids.hpp"

namespace server::upstream {
namespace {

constexpr std::int64_t highest_port = 65'535;
// What a firewall lets through differs.
constexpr std::array<std::uint16_t, 3> usual_ports{443, 80, 5222};

struct Option {
  std::int32_t dc = 0;
  Address address;
  bool ipv6 = false;
  bool fixed = false;
  bool this_port_only = false;
};

std::optional<Option> read_option(const tl::Value& option, Telegram::Kind kind) {
  if (option["media_only"].as_bool() || option["cdn"].as_bool()) return {};
  if (!option["secret"].is_null()) return {};
  const auto dc = option["id"].as_int64(), port = option["port"].as_int64();
  if (!dc || *dc < 1 || *dc > mtproto::highest_dc || !port || *port < 1 || *port > highest_port)
    return {};
  const std::string host(option["ip_address"].text());
  boost::system::error_code wrong;
  const auto ip = boost::asio::ip::make_address(host, wrong);
  if (wrong || host.find('%') != host.npos || ip.is_unspecified() || ip.is_multicast()) return {};
  if (ip.is_loopback() && kind != Telegram::Kind::sandbox) return {};
  Option out;
  out.dc = static_cast<std::int32_t>(*dc);
  out.address = {host, static_cast<std::uint16_t>(*port), option["tcpo_only"].as_bool()};
  out.ipv6 = ip.is_v6();
  out.fixed = option["static"].as_bool();
  out.this_port_only = option["this_port_only"].as_bool();
  return out;
}

bool is_of(const tl::Value& config, Telegram::Kind kind) {
  if (config.constructor() != "config" || kind == Telegram::Kind::custom) return false;
  return kind == Telegram::Kind::sandbox ||
         config["test_mode"].as_bool() == (kind == Telegram::Kind::test);
}

void add(std::vector<Address>& to, Address address) {
  if (std::ranges::find(to, address) == to.end()) to.push_back(std::move(address));
}

}  // namespace

DcOptions::Table read_dc_options(const tl::Value& config, Telegram::Kind kind) {
  DcOptions::Table out;
  if (!is_of(config, kind)) return out;
  std::map<std::int32_t, std::vector<Option>> options;
  const auto items = config["dc_options"].items();
  for (const auto& item : items.first(std::min(items.size(), most_options))) {
    const auto option = read_option(item, kind);
    if (!option) continue;
    auto& known = options[option->dc];
    if (known.size() < most_options_of_one) known.push_back(*option);
  }
  const bool ipv6_first = config["force_try_ipv6"].as_bool();
  for (auto& [dc, known] : options) {
    std::ranges::stable_sort(known, [&](const Option& a, const Option& b) {
      if (a.fixed != b.fixed) return a.fixed;
      return a.ipv6 != b.ipv6 && a.ipv6 == ipv6_first;
    });
    auto& addresses = out[dc];
    for (const auto& option : known) add(addresses, option.address);
    for (const auto port : usual_ports) {
      for (const auto& option : known) {
        if (option.this_port_only) continue;
        add(addresses, {option.address.host, port, option.address.obfuscated_only});
      }
    }
  }
  return out;
}

}  // namespace server::upstream
