// What administrators may do and what members may not: bits by the names of chatAdminRights and
// chatBannedRights. core.telegram.org/api/rights
#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>

namespace server::sandbox {

using Rights = std::uint32_t;

namespace admin_right {
enum Bit : Rights {
  change_info = 1U << 0U,
  post_messages = 1U << 1U,
  edit_messages = 1U << 2U,
  delete_messages = 1U << 3U,
  ban_users = 1U << 4U,
  invite_users = 1U << 5U,
  pin_messages = 1U << 6U,
  add_admins = 1U << 7U,
};
// By bit; those from `anonymous` on are kept and change nothing here.
inline constexpr std::string_view names[] = {
    "change_info",  "post_messages", "edit_messages", "delete_messages", "ban_users",
    "invite_users", "pin_messages",  "add_admins",    "anonymous",       "manage_call",
    "other",        "manage_topics", "post_stories",  "edit_stories",    "delete_stories",
};
// Whoever made it has them all, but is not hidden.
inline constexpr Rights all = ((1U << std::size(names)) - 1U) & ~(1U << 8U);
}  // namespace admin_right

namespace ban_right {
enum Bit : Rights {
  view_messages = 1U << 0U,
  send_messages = 1U << 1U,
  send_media = 1U << 2U,
  change_info = 1U << 3U,
  invite_users = 1U << 4U,
  pin_messages = 1U << 5U,
};
inline constexpr std::string_view names[] = {
    "view_messages", "send_messages", "send_media",  "change_info", "invite_users",
    "pin_messages",  "send_stickers", "send_gifs",   "send_games",  "send_inline",
    "embed_links",   "send_polls",    "send_photos", "send_videos", "send_roundvideos",
    "send_audios",   "send_voices",   "send_docs",   "send_plain",
};
}  // namespace ban_right

}  // namespace server::sandbox
