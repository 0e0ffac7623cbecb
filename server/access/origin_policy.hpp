// Which HTTP requests come in, by what browsers say of them: no page of another site may use this
// gateway, whatever name it reaches it by (DNS rebinding). Who sends none of these headers (curl,
// Node) is no browser and comes in. Programs of this machine that write the headers in their own
// way are understood, where no browser could have written them so. Fetch Metadata Request Headers; RFC 6454; RFC 9110 section 7.2.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/access/authority.hpp"

namespace server::access {

struct RequestOrigin {
  std::string_view method;
  std::string_view host, origin;
  std::string_view sec_fetch_site, sec_fetch_mode, sec_fetch_dest;  // empty where not sent
  std::string_view user_agent, accept_language;                     // pages can't leave them out
  bool has_host = false;
  bool has_origin = false;
  bool websocket = false;
  bool tls = false;
  bool near = false;       // asked on this machine, by no proxy
  bool open_path = false;  // /livez, /readyz: whoever asks, under whatever name
};

struct Decision {
  bool allowed = true;
  std::string reason;  // for people, where it is refused; nothing in it is as it came
  std::string flag;    // what would allow it: "--allow-origin https://example.org"; may be empty
  bool cors = false;   // a page of another site that may read the answer
  std::string header;  // the one that it was refused for, as it came: escaped, and cut
};

struct OriginRules {
  std::vector<std::string> allow_host;    // NAME or NAME:PORT
  std::vector<std::string> allow_origin;  // normal_origin()
  std::string bound_host;                 // as --host has it
};

class OriginPolicy {
 public:
  explicit OriginPolicy(const OriginRules&);
  Decision decide(const RequestOrigin&) const;

 private:
  bool knows(const Authority& host, bool tls) const;
  Decision decide_host(const RequestOrigin&, const std::optional<Authority>& host) const;
  Decision decide_origin(const RequestOrigin&, const std::optional<Authority>& host) const;

  std::vector<Authority> hosts_;
  std::vector<std::string> origins_;
};

}  // namespace server::access
