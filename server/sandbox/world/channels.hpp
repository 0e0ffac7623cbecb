// Supergroups and channels: many members, and one numbering of messages and one pts for all of
// them. A supergroup is a channel in which everybody may speak. core.telegram.org/api/channel
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "server/sandbox/world/files.hpp"
#include "server/sandbox/world/ids.hpp"
#include "server/sandbox/world/rights.hpp"
#include "server/sandbox/world/user_inbox.hpp"

namespace server::sandbox {

struct Channel {
  struct Member {
    UserId inviter;
    std::int32_t date = 0;
  };
  struct Admin {
    UserId promoted_by;
    std::int32_t date = 0;
    Rights rights = 0;
    std::string rank;
  };
  struct Ban {
    UserId by;
    std::int32_t date = 0;
    Rights rights = 0;       // that were taken away
    std::int32_t until = 0;  // unix time; 0: for ever
  };

  explicit Channel(ChannelId id_due) : id(id_due), box(id_due) {}

  ChannelId id;
  std::int64_t secret = 0;  // access hashes are made of it
  bool broadcast = false;   // only administrators speak; else a supergroup
  bool gone = false;        // it was deleted: nothing but its name is left
  std::string title, about, username;
  UserId creator;
  std::int32_t date = 0;
  std::int32_t changed = 0;  // unix time of the last event with a pts
  Rights default_banned = 0;
  std::map<UserId, Member> members;
  std::map<UserId, Admin> admins;  // without the creator
  std::map<UserId, Ban> bans;
  FilePtr photo;  // none: without one
  UserInbox box;

  bool has(UserId user) const { return members.contains(user); }
  bool is_public() const { return !username.empty(); }
  // Ascending.
  const std::deque<std::int32_t>& ids() const;

  // As an administrator.
  bool may(UserId user, Rights right) const;
  bool is_admin(UserId user) const { return user == creator || admins.contains(user); }
  // Whether that was taken from a member who is no administrator.
  bool barred(UserId user, Rights right, std::int32_t now) const;
  // Which of it was taken from that user alone; null: nothing, or not any more.
  const Ban* ban_of(UserId user, std::int32_t now) const;
  bool may_see(UserId user, std::int32_t now) const;
  bool may_write(UserId user, std::int32_t now) const;

  // By which that account names it. Of no use to another.
  std::int64_t hash_for(UserId viewer) const;
};

class Channels {
 public:
  Channel& add(Channel channel);
  ChannelId next_id() { return ChannelId(next_id_++); }
  Channel* find(ChannelId id);
  const Channel* find(ChannelId id) const { return const_cast<Channels*>(this)->find(id); }
  Channel* by_username(std::string_view name);  // any case
  void rename(Channel& channel, std::string username);
  // Public ones whose username or title begins with `query`; at most `limit`, by id.
  std::vector<ChannelId> search(std::string_view query, std::size_t limit) const;
  const std::map<ChannelId, Channel>& all() const { return channels_; }

 private:
  std::map<ChannelId, Channel> channels_;
  std::map<std::string, ChannelId, std::less<>> usernames_;  // lower case
  std::int64_t next_id_ = 3001;
};

}  // namespace server::sandbox
