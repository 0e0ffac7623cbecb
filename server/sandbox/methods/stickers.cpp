// The stickers that there are, and the reactions that look like them. core.telegram.org/api/stickers
#include "mtproto/crypto/sha.hpp"
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"
#include "server/sandbox/world/list_hash.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

std::int64_t hash_of(const StickerSet& set) { return set.id & 0x7fffffff; }

Value set_value(Call& call, const StickerSet& set) {
  Fields out(call.make, "stickerSet");
  return out.number("installed_date", call.world.date())
      .number("id", set.id)
      .number("access_hash", set.access_hash)
      .text("title", set.title)
      .text("short_name", set.short_name)
      .number("count", static_cast<std::int64_t>(set.stickers.size()))
      .number("hash", hash_of(set))
      .done();
}

const StickerSet* set_of(const Call& call, const Value& input) {
  for (const auto& set : call.world.sticker_sets) {
    const bool by_id = input.constructor() == "inputStickerSetID" &&
                       input["id"].as_int64() == set.id &&
                       input["access_hash"].as_int64() == set.access_hash;
    const bool by_name = input.constructor() == "inputStickerSetShortName" &&
                         lower(input["short_name"].text()) == set.short_name;
    if (by_id || by_name) return &set;
  }
  return nullptr;
}

Answer get_sticker_set(Call& call) {
  const auto* set = set_of(call, call.args["stickerset"]);
  if (set == nullptr) return bad_request("STICKERSET_INVALID");
  const auto render = call.renderer();
  std::vector<Value> documents;
  std::vector<Value> packs;
  for (const auto& sticker : set->stickers) {
    documents.push_back(render.document(*sticker));
    packs.push_back(call.make.object(
        "stickerPack", {{"emoticon", call.make.string(sticker_emoji(*sticker))},
                        {"documents", call.make.array({Value::integer(sticker->id)})}}));
  }
  return call.make.object("messages.stickerSet", {{"set", set_value(call, *set)},
                                                  {"packs", call.make.array(packs)},
                                                  {"keywords", nothing(call)},
                                                  {"documents", call.make.array(documents)}});
}

Answer get_all_stickers(Call& call) {
  std::vector<Value> sets;
  ListHash hash;
  for (const auto& set : call.world.sticker_sets) {
    if (set.reactions) continue;
    sets.push_back(set_value(call, set));
    hash.add(static_cast<std::uint64_t>(hash_of(set)));
  }
  return call.make.object("messages.allStickers", {{"hash", Value::integer(hash.value())},
                                                   {"sets", call.make.array(sets)}});
}

Answer get_stickers(Call& call) {
  const auto render = call.renderer();
  std::vector<Value> stickers;
  for (const auto& set : call.world.sticker_sets) {
    if (set.reactions) continue;
    for (const auto& sticker : set.stickers) {
      if (stickers.size() < limits::page && sticker_emoji(*sticker) == call.text("emoticon")) {
        stickers.push_back(render.document(*sticker));
      }
    }
  }
  return call.make.object("messages.stickers",
                          {{"hash", Value::integer(0)}, {"stickers", call.make.array(stickers)}});
}

// The sticker of that emoji, as it moves or as it does not.
FilePtr sticker_of(const World& world, std::string_view emoji, bool moving) {
  for (const auto& set : world.sticker_sets) {
    if (set.reactions != moving) continue;
    if (auto found = sticker_for(set, emoji)) return found;
  }
  return nullptr;
}

// The icon is a picture, all else an animation: clients leave out a reaction where that is not so.
Answer get_available_reactions(Call& call) {
  const auto render = call.renderer();
  std::vector<Value> reactions;
  for (const auto emoji : faces) {
    const auto icon = sticker_of(call.world, emoji, false);
    if (!icon) continue;
    const auto moving = sticker_of(call.world, emoji, true);  // none: a state file of before
    const auto shown = render.document(moving ? *moving : *icon);
    reactions.push_back(
        call.make.object("availableReaction", {{"reaction", call.make.string(emoji)},
                                               {"title", call.make.string(emoji)},
                                               {"static_icon", render.document(*icon)},
                                               {"appear_animation", shown},
                                               {"select_animation", shown},
                                               {"activate_animation", shown},
                                               {"effect_animation", shown}}));
  }
  return call.make.object("messages.availableReactions",
                          {{"hash", Value::integer(0)}, {"reactions", call.make.array(reactions)}});
}

// As two halves of a number, as the id of a custom emoji is; the upper of these is nothing here, the
// lower the beginning of a digest, and signed.
void add_emoji(ListHash& hash, std::string_view emoji) {
  const auto digest = mtproto::md5({tl::as_bytes(emoji)});
  std::uint32_t begin = 0;
  for (const auto byte : std::span(digest).first(4)) begin = begin << 8 | byte;
  hash.add(0);
  hash.add(static_cast<std::uint64_t>(static_cast<std::int32_t>(begin)));
}

Answer get_top_reactions(Call& call) {
  std::vector<Value> reactions;
  ListHash hash;
  for (const auto emoji : faces) {
    reactions.push_back(call.make.object("reactionEmoji", {{"emoticon", call.make.string(emoji)}}));
    add_emoji(hash, emoji);
  }
  return call.make.object("messages.reactions", {{"hash", Value::integer(hash.value())},
                                                 {"reactions", call.make.array(reactions)}});
}

}  // namespace

std::span<const Method> sticker_methods() {
  static constexpr Method methods[] = {
      {"messages.getStickerSet", Needs::somebody, get_sticker_set},
      {"messages.getAllStickers", Needs::somebody, get_all_stickers},
      {"messages.getStickers", Needs::somebody, get_stickers},
      {"messages.getAvailableReactions", Needs::somebody, get_available_reactions},
      {"messages.getTopReactions", Needs::somebody, get_top_reactions},
  };
  return methods;
}

}  // namespace server::sandbox
