// Channel, Channels: who may do what there, and how they are found.
#include <utility>

#include "server/sandbox/world/accounts.hpp"
#include "server/sandbox/world/channels.hpp"

namespace server::sandbox {

const std::deque<std::int32_t>& Channel::ids() const {
  static const std::deque<std::int32_t> none;
  const auto* dialog = box.dialog(PeerKey::of(id));
  return dialog != nullptr ? dialog->ids : none;
}

bool Channel::may(UserId user, Rights right) const {
  if (user == creator) return true;
  const auto admin = admins.find(user);
  return admin != admins.end() && (admin->second.rights & right) == right;
}

const Channel::Ban* Channel::ban_of(UserId user, std::int32_t now) const {
  const auto found = bans.find(user);
  if (found == bans.end()) return nullptr;
  const auto& ban = found->second;
  return ban.until == 0 || ban.until > now ? &ban : nullptr;
}

bool Channel::barred(UserId user, Rights right, std::int32_t now) const {
  if (is_admin(user)) return false;
  const auto* ban = ban_of(user, now);
  return ((default_banned | (ban != nullptr ? ban->rights : 0)) & right) != 0;
}

bool Channel::may_see(UserId user, std::int32_t now) const {
  const auto* ban = ban_of(user, now);
  if (gone || (ban != nullptr && (ban->rights & ban_right::view_messages) != 0)) return false;
  return has(user) || is_public();
}

bool Channel::may_write(UserId user, std::int32_t now) const {
  if (!has(user)) return false;
  return broadcast ? may(user, admin_right::post_messages)
                   : !barred(user, ban_right::send_messages, now);
}

std::int64_t Channel::hash_for(UserId viewer) const {
  auto mixed = static_cast<std::uint64_t>(secret) ^
               (static_cast<std::uint64_t>(viewer.value()) * 0x9e3779b97f4a7c15U);
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
  return static_cast<std::int64_t>((mixed ^ (mixed >> 31U)) | 1U);
}

Channel& Channels::add(Channel channel) {
  const auto id = channel.id;
  next_id_ = std::max(next_id_, id.value() + 1);
  if (!channel.username.empty()) usernames_[lower(channel.username)] = id;
  return channels_.insert_or_assign(id, std::move(channel)).first->second;
}

Channel* Channels::find(ChannelId id) {
  const auto found = channels_.find(id);
  return found == channels_.end() ? nullptr : &found->second;
}

Channel* Channels::by_username(std::string_view name) {
  const auto found = usernames_.find(lower(name));
  return found == usernames_.end() ? nullptr : find(found->second);
}

void Channels::rename(Channel& channel, std::string username) {
  usernames_.erase(lower(channel.username));
  channel.username = std::move(username);
  if (!channel.username.empty()) usernames_[lower(channel.username)] = channel.id;
}

std::vector<ChannelId> Channels::search(std::string_view query, std::size_t limit) const {
  std::vector<ChannelId> out;
  const auto wanted = lower(query.starts_with('@') ? query.substr(1) : query);
  if (wanted.empty()) return out;
  for (const auto& [id, channel] : channels_) {
    if (out.size() >= limit) break;
    if (channel.is_public() &&
        (lower(channel.username).starts_with(wanted) || lower(channel.title).starts_with(wanted))) {
      out.push_back(id);
    }
  }
  return out;
}

}  // namespace server::sandbox
