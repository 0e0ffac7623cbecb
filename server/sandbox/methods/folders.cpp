// Folders of dialogs. core.telegram.org/api/folders
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

constexpr std::int64_t first_folder = 2;
constexpr std::int64_t last_folder = 255;

Outcome<std::vector<PeerKey>> peers_of(const Call& call, const Value& list) {
  std::vector<PeerKey> out;
  if (list.items().size() > limits::page) return bad_request("FILTER_INCLUDE_TOO_MUCH");
  for (const auto& input : list.items()) {
    const auto peer = call.peer(input);
    if (!peer) return peer.error();
    out.push_back(*peer);
  }
  return out;
}

Outcome<Folder> folder_of(const Call& call, const Value& given, std::int32_t id) {
  Folder out;
  out.id = id;
  // Up to layer 195 at least it was the text alone.
  const auto& title = given["title"];
  auto entities = call.entities(title["entities"]);
  if (!entities) return entities.error();
  const auto text = title.is_object() ? title["text"].text() : title.text();
  if (!is_utf8(text)) return bad_request("INPUT_FETCH_ERROR");
  out.title = tidy(text, std::move(*entities));
  if (out.title.text.empty()) return bad_request("FILTER_TITLE_EMPTY");
  if (utf16_length(out.title.text) > limits::folder_title) {
    return bad_request("FILTER_TITLE_TOO_LONG");
  }
  out.emoticon = std::string(given["emoticon"].text());
  if (out.emoticon.size() > 32 || !is_utf8(out.emoticon)) return bad_request("EMOTICON_INVALID");
  if (const auto color = given["color"].as_int64()) out.color = static_cast<std::int32_t>(*color);
  for (std::size_t i = 0; i < std::size(folder_flags); ++i) {
    if (given[folder_flags[i]].as_bool()) out.flags |= 1U << i;
  }
  for (const auto& [name, list] :
       {std::pair("pinned_peers", &Folder::pinned), std::pair("include_peers", &Folder::included),
        std::pair("exclude_peers", &Folder::excluded)}) {
    auto peers = peers_of(call, given[name]);
    if (!peers) return peers.error();
    out.*list = std::move(*peers);
  }
  if ((out.flags & folder_kinds) == 0 && out.pinned.empty() && out.included.empty()) {
    return bad_request("FILTER_INCLUDE_EMPTY");
  }
  return out;
}

Answer get_folders(Call& call) {
  auto render = call.renderer();
  std::vector<Value> folders{call.make.object("dialogFilterDefault", {})};
  for (const auto& folder : call.self().folders) folders.push_back(render.folder(folder));
  return call.make.object("messages.dialogFilters", {{"filters", call.make.array(folders)}});
}

Answer update_folder(Call& call) {
  const auto id = call.number("id");
  if (id < first_folder || id > last_folder) return bad_request("FILTER_ID_INVALID");
  auto& folders = call.self().folders;
  const auto known =
      std::find_if(folders.begin(), folders.end(), [&](const Folder& one) { return one.id == id; });
  if (!call.has("filter")) {
    if (known == folders.end()) return bad_request("FILTER_ID_INVALID");
    folders.erase(known);
  } else {
    if (call.args["filter"].constructor() != "dialogFilter") return not_played();
    auto folder = folder_of(call, call.args["filter"], static_cast<std::int32_t>(id));
    if (!folder) return folder.error();
    if (known != folders.end()) {
      *known = std::move(*folder);
    } else {
      if (folders.size() >= limits::folders) return bad_request("DIALOG_FILTERS_TOO_MUCH");
      folders.push_back(std::move(*folder));
    }
  }
  call.world.tell(call.user(), FolderChanged{static_cast<std::int32_t>(id)});
  call.world.changed();
  return yes();
}

// Those that it does not name come last, as they stood.
Answer order_folders(Call& call) {
  std::vector<std::int64_t> order;
  for (const auto& id : call.args["order"].items()) {
    if (order.size() <= limits::folders) order.push_back(id.as_int64().value_or(0));
  }
  auto& folders = call.self().folders;
  const auto place = [&](const Folder& folder) {
    return std::find(order.begin(), order.end(), folder.id) - order.begin();
  };
  std::stable_sort(folders.begin(), folders.end(),
                   [&](const Folder& a, const Folder& b) { return place(a) < place(b); });
  call.world.tell(call.user(), FoldersOrdered{});
  call.world.changed();
  return yes();
}

}  // namespace

std::span<const Method> folder_methods() {
  static constexpr Method methods[] = {
      {"messages.getDialogFilters", Needs::somebody, get_folders},
      {"messages.updateDialogFilter", Needs::somebody, update_folder},
      {"messages.updateDialogFiltersOrder", Needs::somebody, order_folders},
  };
  return methods;
}

}  // namespace server::sandbox
