// Which requests of HTTP come in.
#include <algorithm>

#include "server/gateway/admission.hpp"
#include "server/gateway/gateway.hpp"
#include "server/http/forwarded.hpp"
#include "server/http/http_channel.hpp"
#include "server/logs/logger.hpp"
#include "server/upstream/pump.hpp"

namespace server::http {

bool HttpChannel::identify() {
  if (!forwards_) return true;
  auto client = client_of(peer_, reader_->head(), thread_.gateway.proxies);
  if (!client) {
    refuse(400, "BadRequest", client.error());
    return false;
  }
  caller_.peer = std::move(*client);
  auto place = thread_.gateway.connection_limiter.enter(caller_.peer);
  if (!place) {
    thread_.counters.refused.add();
    refuse(429, "Busy", "too many connections from this address");
    return false;
  }
  caller_.place = std::move(*place);
  return true;
}

bool HttpChannel::let_in() {
  const auto& head = reader_->head();
  const auto text = [&](std::string_view name) { return head.field(name).value_or(""); };
  for (const auto* once :
       {"host", "origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "authorization"}) {
    if (head.count(once) <= 1) continue;
    refuse(400, "BadRequest", "a header is there twice that can be there once");
    return false;
  }
  access::RequestOrigin request_origin;
  request_origin.method = head.method;
  request_origin.host = head.authority ? std::string_view(*head.authority) : text("host");
  request_origin.origin = text("origin");
  request_origin.sec_fetch_site = text("sec-fetch-site");
  request_origin.sec_fetch_mode = text("sec-fetch-mode");
  request_origin.sec_fetch_dest = text("sec-fetch-dest");
  // Where a target names the host, HTTP/1.0 does not want the field, too.
  request_origin.has_host = head.count("host") != 0 || (head.authority && head.version == 10);
  request_origin.has_origin = head.count("origin") != 0;
  request_origin.websocket = head.websocket;
  request_origin.user_agent = text("user-agent");
  request_origin.accept_language = text("accept-language");
  request_origin.tls = tls_;
  request_origin.near = caller_.peer.near();
  // OPTIONS says nothing that is not the same everywhere; probes ask it.
  const auto& route = find_route(head.path);
  request_origin.open_path = head.method == "OPTIONS" || route.any_host;
  if (route.calls) request_origin.sec_fetch_mode = {};  // who follows a link calls nothing
  decision_ = thread_.gateway.origin_policy.decide(request_origin);
  if (decision_.allowed) return true;
  thread_.counters.refused.add();
  thread_.gateway.refusals.note(caller_.number, decision_, upstream::boot_time());
  auto why = decision_.reason;
  if (!decision_.header.empty()) why += " (" + decision_.header + ")";
  if (!decision_.flag.empty()) why += "; " + decision_.flag + " would allow it";
  refuse(403, "Forbidden", why);
  return false;
}

bool HttpChannel::show_token(bool first_object_may) {
  if (!thread_.gateway.tokens()) return true;
  const auto header = reader_->head().field("authorization");
  std::optional<std::string_view> token;
  constexpr std::string_view scheme = "bearer ";
  if (header && header->size() > scheme.size() &&
      std::equal(scheme.begin(), scheme.end(), header->begin(),
                 [](char a, char b) { return a == (b | 0x20); })) {
    token = header->substr(scheme.size());
  }
  if (!token && first_object_may) return true;
  const auto decision = access::admit(thread_.gateway, caller_.peer, token);
  admitted_ = decision.admitted;
  scope_ = decision.owner.scope;
  if (admitted_) {
    on_admitted();
    const auto from = shown(caller_.peer);
    auto who = decision.owner.name + " " + from;
    if (who != last_visitor_) {
      logs::info("conn={} token={} from={}", caller_.number, decision.owner.name, from);
    }
    last_visitor_ = std::move(who);
    return true;
  }
  thread_.counters.refused.add();
  auto response = refusal_here(401, "Unauthorized", decision.failure.text);
  if (!find_route(reader_->head().path).calls) {
    response.fields.emplace_back("WWW-Authenticate", "Bearer");
  }
  respond_after(decision.wait, std::move(response));
  return false;
}

// Who has shown one may stay.
void HttpChannel::on_admitted() { caller_.token_by.reset(); }

}  // namespace server::http
