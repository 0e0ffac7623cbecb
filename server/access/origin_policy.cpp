#include "server/access/origin_policy.hpp"

#include <algorithm>

namespace server::access {
namespace {

Decision refused(std::string reason, std::string flag = {}) {
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
bool is_followed_link(const RequestOrigin& request_origin) {
  return request_origin.method == "GET" && !request_origin.websocket &&
         request_origin.sec_fetch_mode == "navigate" && request_origin.sec_fetch_dest == "document";
}

bool only_looks(const RequestOrigin& request_origin) {
  return !request_origin.websocket &&
         (request_origin.method == "GET" || request_origin.method == "HEAD");
}

}  // namespace

OriginPolicy::OriginPolicy(const OriginRules& rules) : origins_(rules.allow_origin) {
  for (const auto& name : rules.allow_host) {
    if (auto host = parse_authority(name)) hosts_.push_back(std::move(*host));
  }
  auto bound = authority_of_host(rules.bound_host);
  if (bound && !is_wildcard(*bound)) hosts_.push_back(std::move(*bound));
}

Decision OriginPolicy::decide(const RequestOrigin& request_origin) const {
  const auto host = request_origin.has_host ? parse_authority(request_origin.host) : std::nullopt;
  if (auto decision = decide_host(request_origin, host); !decision.allowed) return decision;
  return decide_origin(request_origin, host);
}

bool OriginPolicy::knows(const Authority& host, bool tls) const {
  return names_loopback(host) || std::ranges::any_of(hosts_, [&](const Authority& known) {
           return known.host == host.host && (!known.port || *known.port == port_of(host, tls));
         });
}

Decision OriginPolicy::decide_host(const RequestOrigin& request_origin,
                                   const std::optional<Authority>& host) const {
  if (request_origin.open_path) return {};
  if (!request_origin.has_host) return refused("there is no Host header");
  if (!host) return refused("its Host header is no host");
  if (knows(*host, request_origin.tls)) return {};
  return refused("it is not known here as " + host->host, "--allow-host " + host->host);
}

Decision OriginPolicy::decide_origin(const RequestOrigin& request_origin,
                                     const std::optional<Authority>& host) const {
  if (is_frame(request_origin.sec_fetch_dest)) return refused("it is not shown in frames");
  Decision decision;
  std::string flag;
  if (request_origin.has_origin) {
    const auto origin = normal_origin(request_origin.origin);
    if (!origin) return refused("a page without an origin of its own asks");
    decision.cors = std::ranges::find(origins_, *origin) != origins_.end();
    if (decision.cors) return decision;
    const bool own = host && *origin == origin_of(*host, request_origin.tls);
    if (!own) flag = "--allow-origin " + *origin;
    if (!own && !only_looks(request_origin)) return refused("a page of another site asks", flag);
  }
  if (is_from_elsewhere(request_origin.sec_fetch_site) && !is_followed_link(request_origin)) {
    return refused("a page of another site asks", flag);
  }
  return decision;
}

}  // namespace server::access
