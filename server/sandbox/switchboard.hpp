// Which connection a session was last seen on, over all data centres: that is where its updates go.
#pragma once

#include <map>

#include "mtproto/host/host.hpp"

namespace server::sandbox {

struct HostConnection;

class Switchboard {
 public:
  void seen(const mtproto::SessionAddress& session, HostConnection& on) { lines_[session] = &on; }
  void gone(const mtproto::SessionAddress& session) { lines_.erase(session); }
  // That connection is closed; where the session was seen on another since, it stays there.
  void closed(const mtproto::SessionAddress& session, const HostConnection& on) {
    if (const auto line = lines_.find(session); line != lines_.end() && line->second == &on) {
      lines_.erase(line);
    }
  }
  HostConnection* find(const mtproto::SessionAddress& session) const {
    const auto found = lines_.find(session);
    return found == lines_.end() ? nullptr : found->second;
  }

 private:
  std::map<mtproto::SessionAddress, HostConnection*> lines_;
};

}  // namespace server::sandbox
