// Parts of the state file: folders of dialogs.
#include "server/sandbox/state/parts.hpp"

#include <boost/json/value_to.hpp>

namespace server::sandbox::state {

namespace json = boost::json;

namespace {

json::array peers_to_json(const std::vector<PeerKey>& list) {
  json::array out;
  for (const auto peer : list) out.push_back(peer_to_json(peer));
  return out;
}

std::vector<PeerKey> peers_from_json(const json::value& in) {
  std::vector<PeerKey> out;
  for (const auto& peer : in.as_array()) out.push_back(peer_from_json(peer));
  return out;
}

}  // namespace

json::object folder_to_json(const Folder& folder) {
  json::object out{{"id", folder.id},
                   {"title", formatted_to_json(folder.title)},
                   {"emoticon", folder.emoticon},
                   {"flags", folder.flags},
                   {"pinned", peers_to_json(folder.pinned)},
                   {"included", peers_to_json(folder.included)},
                   {"excluded", peers_to_json(folder.excluded)}};
  if (folder.color) out["color"] = *folder.color;
  return out;
}

Folder folder_from_json(const json::object& in) {
  Folder folder;
  folder.id = number32(in, "id");
  folder.title = formatted_from_json(in.at("title"));
  folder.emoticon = text(in, "emoticon");
  if (in.contains("color")) folder.color = number32(in, "color");
  folder.flags = json::value_to<std::uint32_t>(in.at("flags"));
  folder.pinned = peers_from_json(in.at("pinned"));
  folder.included = peers_from_json(in.at("included"));
  folder.excluded = peers_from_json(in.at("excluded"));
  return folder;
}

}  // namespace server::sandbox::state
