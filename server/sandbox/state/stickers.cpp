// Parts of the state file: sets of stickers.
#include "server/sandbox/state/parts.hpp"

#include <boost/json/array.hpp>
#include <stdexcept>

namespace server::sandbox::state {

namespace json = boost::json;

json::array stickers_to_json(const std::vector<StickerSet>& sets) {
  json::array out;
  for (const auto& set : sets) {
    json::array files;
    for (const auto& sticker : set.stickers) files.push_back(sticker->id);
    out.push_back(json::object{{"id", set.id},
                               {"access_hash", set.access_hash},
                               {"title", set.title},
                               {"short_name", set.short_name},
                               {"files", std::move(files)}});
    if (set.reactions) out.back().as_object()["reactions"] = true;
  }
  return out;
}

std::vector<StickerSet> stickers_from_json(const json::array& in, const Files& files) {
  std::vector<StickerSet> out;
  for (const auto& item : in) {
    const auto& from = item.as_object();
    StickerSet set{number(from, "id"),
                   number(from, "access_hash"),
                   text(from, "title"),
                   text(from, "short_name"),
                   {},
                   from.contains("reactions")};
    for (const auto& id : from.at("files").as_array()) {
      auto file = files.find(id.as_int64());
      if (!file) throw std::runtime_error("a sticker's file is not there");
      set.stickers.push_back(std::move(file));
    }
    out.push_back(std::move(set));
  }
  return out;
}

}  // namespace server::sandbox::state
