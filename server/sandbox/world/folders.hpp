// Folders of dialogs, each account's own. core.telegram.org/api/folders
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/sandbox/world/ids.hpp"
#include "server/sandbox/world/text.hpp"

namespace server::sandbox {

struct Folder {
  std::int32_t id = 0;
  Formatted title;
  std::string emoticon;
  std::optional<std::int32_t> color;
  std::uint32_t flags = 0;  // bits by the names below
  std::vector<PeerKey> pinned, included, excluded;
};

inline constexpr std::string_view folder_flags[] = {
    "contacts",      "non_contacts", "groups",           "broadcasts",     "bots",
    "exclude_muted", "exclude_read", "exclude_archived", "title_noanimate"};
// What is in a folder by what it is: those up to here.
inline constexpr std::uint32_t folder_kinds = 0x1f;

}  // namespace server::sandbox
