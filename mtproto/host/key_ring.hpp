// What lies in a KeyRing, for Host.
#pragma once

#include <map>

#include "mtproto/host/host.hpp"
#include "mtproto/host/host_session.hpp"
#include "mtproto/host/salt_schedule.hpp"
#include "mtproto/message/message_ids.hpp"

namespace mtproto {

struct HostKey {
  AuthKey key;
  SaltSchedule salts;
  std::optional<Time> expires;  // a temporary key
  std::map<SessionId, HostSession> sessions;
  std::optional<AuthKeyId> owner{};  // the permanent key that a temporary one was bound to
  bool superseded = false;           // its client has gone on to another temporary key
  bool test = false;                 // of the test environment

  HostSession* find(SessionId id);
  // Makes one; where there are too many, the one that was idle longest goes.
  HostSession& add(SessionId id, Time now);
};

struct KeyRing::State {
  std::map<AuthKeyId, HostKey> keys;
  MessageIdSource ids;  // one for all: a session may be on several connections

  // A key that has expired is gone.
  HostKey* find(AuthKeyId id, Time now);
  HostSession* find(const SessionAddress& address, Time now);
  void erase(AuthKeyId id);
  void erase_expired(Time now);
};

}  // namespace mtproto
