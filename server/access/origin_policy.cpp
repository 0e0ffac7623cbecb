#include "server/access/origin_policy.hpp"

#include <algorithm>

#include "server/logs/terminal_text.hpp"

namespace server::access {
namespace {

Decision refused(std::string reason, std::string flag = {}) {
  return {false, std::move(reason), std::move(flag), false, {}};
}

// Without what stands before an @: that may be somebody's password.
std::string shown_header(std::string_view name, std::string_view value) {
  constexpr std::size_t longest = 100;
  auto out = std::string(name) + ": ";
  if (const auto at = value.rfind('@'); at != value.npos) {
    value.remove_prefix(at);
    out += "…";
  }
  out += logs::escaped(value.substr(0, longest));
  return value.size() > longest ? out + "…" : out;
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

std::optional<Authority> host_of(const RequestOrigin& request_origin) {
  if (!request_origin.has_host) return std::nullopt;
  auto host = parse_authority(request_origin.host);
  if (!host && request_origin.near) host = parse_bare_loopback(request_origin.host);
  return host;
}

std::optional<std::string> origin_in(const RequestOrigin& request_origin) {
  auto origin = sent_origin(request_origin.origin);
  if (origin || !request_origin.near) return origin;
  constexpr std::string_view bare = "://::1";
  const auto at = request_origin.origin.find(bare);
  if (at == std::string_view::npos) return std::nullopt;
  const auto scheme = std::string(request_origin.origin.substr(0, at));
  return sent_origin(scheme + "://[::1]" +
                     std::string(request_origin.origin.substr(at + bare.size())));
}

// Every browser sends these with whatever its pages ask for.
bool may_be_browser(const RequestOrigin& request_origin) {
  return !request_origin.user_agent.empty() || !request_origin.accept_language.empty() ||
         !request_origin.sec_fetch_site.empty() || !request_origin.sec_fetch_mode.empty() ||
         !request_origin.sec_fetch_dest.empty();
}

// A browser names the port in both headers wherever it is not the scheme's own, so that
// "http://localhost" is another site's page. Some WebSocket libraries leave it out of one of them.
bool is_own(const std::string& origin, const RequestOrigin& request_origin, const Authority& host) {
  if (origin == origin_of(host, request_origin.tls)) return true;
  if (!request_origin.near || !request_origin.websocket || may_be_browser(request_origin) ||
      !names_loopback(host)) {
    return false;
  }
  const auto without_port = origin_of({host.host, {}}, request_origin.tls);
  return origin == without_port || (!host.port && origin.starts_with(without_port + ":"));
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
  const auto host = host_of(request_origin);
  auto decision = decide_host(request_origin, host);
  if (!decision.allowed) {
    if (request_origin.has_host) decision.header = shown_header("Host", request_origin.host);
    return decision;
  }
  decision = decide_origin(request_origin, host);
  if (!decision.allowed && request_origin.has_origin) {
    decision.header = shown_header("Origin", request_origin.origin);
  }
  return decision;
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
    const auto origin = origin_in(request_origin);
    if (!origin) return refused("a page without an origin of its own asks");
    decision.cors = std::ranges::find(origins_, *origin) != origins_.end();
    if (decision.cors) return decision;
    const bool own = host && is_own(*origin, request_origin, *host);
    if (!own) flag = "--allow-origin " + *origin;
    if (!own && !only_looks(request_origin)) return refused("a page of another site asks", flag);
  }
  if (is_from_elsewhere(request_origin.sec_fetch_site) && !is_followed_link(request_origin)) {
    return refused("a page of another site asks", flag);
  }
  return decision;
}

}  // namespace server::access
