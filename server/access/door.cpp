#include "server/access/door.hpp"

#include <algorithm>

namespace server::access {
namespace {

Verdict refused(std::string reason, std::string flag = {}) {
  return {false, std::move(reason), std::move(flag), false};
}

std::uint16_t port_of(const Authority& authority, bool tls) {
  return authority.port.value_or(tls ? 443 : 80);
}

// Wildcards are addresses to bind to, none to be called by.
bool is_wildcard(const Authority& authority) {
  return authority.host == "0.0.0.0" || authority.host == "[::]";
}

bool is_from_elsewhere(std::string_view sec_fetch_site) {
  return !sec_fetch_site.empty() && sec_fetch_site != "none" && sec_fetch_site != "same-origin" &&
         sec_fetch_site != "same-site";
}

bool is_frame(std::string_view sec_fetch_dest) {
  constexpr std::string_view frames[] = {"iframe", "frame", "embed", "object", "fencedframe"};
  return std::ranges::find(frames, sec_fetch_dest) != std::end(frames);
}

// Somebody follows a link: the page that holds it sees nothing of what comes.
bool is_followed_link(const Visit& visit) {
  return visit.method == "GET" && !visit.websocket && visit.sec_fetch_mode == "navigate" &&
         visit.sec_fetch_dest == "document";
}

bool only_looks(const Visit& visit) {
  return !visit.websocket && (visit.method == "GET" || visit.method == "HEAD");
}

}  // namespace

Door::Door(const DoorRules& rules) : origins_(rules.allow_origin) {
  for (const auto& name : rules.allow_host) {
    if (auto host = parse_authority(name)) hosts_.push_back(std::move(*host));
  }
  auto bound = authority_of_host(rules.bound_host);
  if (bound && !is_wildcard(*bound)) hosts_.push_back(std::move(*bound));
}

Verdict Door::judge(const Visit& visit) const {
  const auto host = visit.has_host ? parse_authority(visit.host) : std::nullopt;
  if (auto verdict = judge_host(visit, host); !verdict.allowed) return verdict;
  return judge_origin(visit, host);
}

bool Door::knows(const Authority& host, bool tls) const {
  return names_loopback(host) || std::ranges::any_of(hosts_, [&](const Authority& known) {
           return known.host == host.host && (!known.port || *known.port == port_of(host, tls));
         });
}

Verdict Door::judge_host(const Visit& visit, const std::optional<Authority>& host) const {
  if (visit.open_path) return {};
  if (!visit.has_host) return refused("there is no Host header");
  if (!host) return refused("its Host header is no host");
  if (knows(*host, visit.tls)) return {};
  return refused("it is not known here as " + host->host, "--allow-host " + host->host);
}

Verdict Door::judge_origin(const Visit& visit, const std::optional<Authority>& host) const {
  if (is_frame(visit.sec_fetch_dest)) return refused("it is not shown in frames");
  Verdict verdict;
  std::string flag;
  if (visit.has_origin) {
    const auto origin = normal_origin(visit.origin);
    if (!origin) return refused("a page without an origin of its own asks");
    verdict.cors = std::ranges::find(origins_, *origin) != origins_.end();
    if (verdict.cors) return verdict;
    const bool own = host && *origin == origin_of(*host, visit.tls);
    if (!own) flag = "--allow-origin " + *origin;
    if (!own && !only_looks(visit)) return refused("a page of another site asks", flag);
  }
  if (is_from_elsewhere(visit.sec_fetch_site) && !is_followed_link(visit)) {
    return refused("a page of another site asks", flag);
  }
  return verdict;
}

}  // namespace server::access
