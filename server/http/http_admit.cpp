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
  auto place = thread_.gateway.crowd.enter(caller_.peer);
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
  access::Visit visit;
  visit.method = head.method;
  visit.host = head.authority ? std::string_view(*head.authority) : text("host");
  visit.origin = text("origin");
  visit.sec_fetch_site = text("sec-fetch-site");
  visit.sec_fetch_mode = text("sec-fetch-mode");
  visit.sec_fetch_dest = text("sec-fetch-dest");
  // Where a target names the host, HTTP/1.0 does not want the field, too.
  visit.has_host = head.count("host") != 0 || (head.authority && head.version == 10);
  visit.has_origin = head.count("origin") != 0;
  visit.websocket = head.websocket;
  visit.tls = tls_;
  // OPTIONS says nothing that is not the same everywhere; probes ask it.
  visit.open_path = head.method == "OPTIONS" || find_route(head.path).any_host;
  verdict_ = thread_.gateway.door.judge(visit);
  if (verdict_.allowed) return true;
  thread_.counters.refused.add();
  thread_.gateway.refusals.note(caller_.number, verdict_, upstream::boot_time());
  auto why = verdict_.reason;
  if (!verdict_.flag.empty()) why += "; " + verdict_.flag + " would allow it";
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
  const auto verdict = access::admit(thread_.gateway, caller_.peer, token);
  admitted_ = verdict.admitted;
  if (admitted_) {
    on_admitted();
    auto who = "token=" + verdict.name + " from=" + shown(caller_.peer);
    if (who != last_visitor_) logs::info("conn={} {}", caller_.number, who);
    last_visitor_ = std::move(who);
    return true;
  }
  thread_.counters.refused.add();
  auto response = refusal(401, "Unauthorized", verdict.failure.text);
  response.fields.emplace_back("WWW-Authenticate", "Bearer");
  respond_after(verdict.wait, std::move(response));
  return false;
}

// Who has shown one may stay.
void HttpChannel::on_admitted() { caller_.token_by.reset(); }

}  // namespace server::http
