// Messages that were written and wait for their time, each account's own.
// core.telegram.org/api/scheduled-messages
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "server/sandbox/world/ids.hpp"
#include "server/sandbox/world/message.hpp"

namespace server::sandbox {

struct ScheduledMessage {
  UserId by;
  BoxMessage message;  // its post's date is when it is due; ids begin with 1 in each chat
};

class Schedule {
 public:
  using List = std::map<std::int32_t, ScheduledMessage>;  // by id
  struct Name {
    UserId by;
    PeerKey peer;
    std::int32_t id = 0;
    auto operator<=>(const Name&) const = default;
  };

  const List& of(UserId by, PeerKey peer) const;
  // Null where it does not wait there.
  const ScheduledMessage* find(UserId by, PeerKey peer, std::int32_t id) const;
  // With id 0 it gets the next one; another must be free.
  const ScheduledMessage& add(ScheduledMessage one);
  std::optional<ScheduledMessage> take(UserId by, PeerKey peer, std::int32_t id);

  std::size_t size() const { return due_.size(); }
  // When the next one is due, unix time.
  std::optional<std::int32_t> next() const {
    return due_.empty() ? std::nullopt : std::optional(due_.begin()->first);
  }
  const Name& first() const { return due_.begin()->second; }
  const std::map<std::pair<UserId, PeerKey>, List>& all() const { return lists_; }

 private:
  std::map<std::pair<UserId, PeerKey>, List> lists_;  // none of them empty
  std::set<std::pair<std::int32_t, Name>> due_;
};

}  // namespace server::sandbox
