// Parts of the state file: files.
#include "server/sandbox/state/parts.hpp"

#include <boost/json/array.hpp>
#include <stdexcept>

namespace server::sandbox::state {

namespace json = boost::json;

json::object file_to_json(const File& file) {
  json::array attributes;
  for (const auto& one : file.attributes) {
    attributes.push_back(json::object{{"kind", static_cast<std::int64_t>(one.kind)},
                                      {"w", one.w},
                                      {"h", one.h},
                                      {"duration", exact(one.duration)},
                                      {"voice", one.voice},
                                      {"round", one.round},
                                      {"streaming", one.streaming},
                                      {"title", one.title},
                                      {"performer", one.performer},
                                      {"waveform", base64(one.waveform)},
                                      {"set", one.set},
                                      {"set_hash", one.set_hash}});
  }
  return {{"id", file.id},
          {"access_hash", file.access_hash},
          {"reference", base64(file.reference)},
          {"photo", file.photo},
          {"dc", file.dc},
          {"date", file.date},
          {"w", file.w},
          {"h", file.h},
          {"mime_type", file.mime_type},
          {"attributes", std::move(attributes)},
          {"bytes", base64(file.bytes)}};
}

File file_from_json(const json::object& in) {
  File file;
  file.id = number(in, "id");
  file.access_hash = number(in, "access_hash");
  file.reference = bytes(in, "reference");
  file.photo = in.at("photo").as_bool();
  file.dc = number32(in, "dc");
  file.date = number32(in, "date");
  file.w = number32(in, "w");
  file.h = number32(in, "h");
  file.mime_type = text(in, "mime_type");
  for (const auto& item : in.at("attributes").as_array()) {
    const auto& from = item.as_object();
    const auto kind = number(from, "kind");
    if (kind < 0 || kind > static_cast<std::int64_t>(Attribute::Kind::sticker)) {
      throw std::runtime_error("a file has an unknown attribute");
    }
    file.attributes.push_back(
        {static_cast<Attribute::Kind>(kind), number32(from, "w"), number32(from, "h"),
         inexact(number(from, "duration")), from.at("voice").as_bool(), from.at("round").as_bool(),
         from.at("streaming").as_bool(), text(from, "title"), text(from, "performer"),
         bytes(from, "waveform"), from.contains("set") ? number(from, "set") : 0,
         from.contains("set_hash") ? number(from, "set_hash") : 0});
  }
  file.bytes = bytes(in, "bytes");
  return file;
}

}  // namespace server::sandbox::state
