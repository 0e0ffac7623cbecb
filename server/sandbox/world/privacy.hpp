// Who may see or do what: rules by the setting's name, each account's own.
// core.telegram.org/api/privacy
#pragma once

#include <map>
#include <string>
#include <vector>

#include "server/sandbox/world/ids.hpp"

namespace server::sandbox {

struct PrivacyRule {
  std::string kind;  // as its constructor is called: "privacyValueAllowAll"
  std::vector<UserId> users;
  std::vector<PeerKey> chats;  // groups and channels
};

// By the setting's constructor: "privacyKeyStatusTimestamp". One that is not there is everybody's.
using Privacy = std::map<std::string, std::vector<PrivacyRule>>;

}  // namespace server::sandbox
