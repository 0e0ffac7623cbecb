// Renderer: folders of dialogs.
#include "server/sandbox/render/fields.hpp"
#include "server/sandbox/render/renderer.hpp"

namespace server::sandbox {

using tl::Value;

Value Renderer::input_peer(PeerKey peer) const {
  const auto id = Value::integer(peer.id);
  if (peer.is_chat()) return make_.object("inputPeerChat", {{"chat_id", id}});
  if (peer.is_channel()) {
    const auto* channel = world_.channels.find(peer.channel());
    const auto hash = channel != nullptr ? channel->hash_for(viewer_) : 0;
    return make_.object("inputPeerChannel",
                        {{"channel_id", id}, {"access_hash", Value::integer(hash)}});
  }
  const auto* user = world_.accounts.find(peer.user());
  const auto hash = user != nullptr ? user->access_hash : 0;
  return make_.object("inputPeerUser", {{"user_id", id}, {"access_hash", Value::integer(hash)}});
}

Value Renderer::folder(const Folder& folder) const {
  const auto peers = [&](const std::vector<PeerKey>& list) {
    std::vector<Value> out;
    for (const auto peer : list) out.push_back(input_peer(peer));
    return make_.array(out);
  };
  Fields out(make_, "dialogFilter");
  for (std::size_t i = 0; i < std::size(folder_flags); ++i) {
    out.flag(folder_flags[i], (folder.flags >> i & 1U) != 0);
  }
  out.number("id", folder.id).set("title", with_entities(folder.title));
  if (!folder.emoticon.empty()) out.text("emoticon", folder.emoticon);
  if (folder.color) out.number("color", *folder.color);
  return out.set("pinned_peers", peers(folder.pinned))
      .set("include_peers", peers(folder.included))
      .set("exclude_peers", peers(folder.excluded))
      .done();
}

}  // namespace server::sandbox
