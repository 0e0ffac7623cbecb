// Who calls: a session, and the permanent key that it speaks for. That is its own, or with perfect
// forward secrecy the one that its temporary key was bound to. core.telegram.org/api/pfs
#pragma once

#include "mtproto/host/host.hpp"

namespace server::sandbox {

struct Caller {
  mtproto::SessionAddress session;
  mtproto::AuthKeyId owner;
};

}  // namespace server::sandbox
