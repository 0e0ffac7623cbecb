#include "server/sandbox/state/values.hpp"

#include <boost/json/array.hpp>
#include <stdexcept>

#include "tl/base64.hpp"

namespace server::sandbox::state {

namespace json = boost::json;

std::int64_t number(const json::object& in, std::string_view name) {
  return in.at(name).as_int64();
}

std::int32_t number32(const json::object& in, std::string_view name) {
  return static_cast<std::int32_t>(number(in, name));
}

std::string text(const json::object& in, std::string_view name) {
  const auto& value = in.at(name).as_string();
  return {value.data(), value.size()};
}

std::string base64(tl::ByteView bytes) {
  std::string out;
  tl::append_base64(bytes, out);
  return out;
}

tl::Bytes bytes(const json::object& in, std::string_view name) {
  tl::Bytes out;
  if (!tl::decode_base64(text(in, name), out)) {
    throw std::runtime_error(std::string(name) + " is no base64");
  }
  return out;
}

json::array peer_to_json(PeerKey peer) {
  return {peer.is_user() ? "user" : peer.is_chat() ? "chat" : "channel", peer.id};
}

PeerKey peer_from_json(const json::value& in) {
  const auto id = in.as_array().at(1).as_int64();
  const auto& kind = in.as_array().at(0).as_string();
  if (kind == "channel") return PeerKey::of(ChannelId(id));
  return kind == "user" ? PeerKey::of(UserId(id)) : PeerKey::of(ChatId(id));
}

json::array users_to_json(const std::vector<UserId>& users) {
  json::array out;
  for (const auto user : users) out.push_back(user.value());
  return out;
}

std::vector<UserId> users_from_json(const json::value& in) {
  std::vector<UserId> out;
  for (const auto& user : in.as_array()) out.emplace_back(user.as_int64());
  return out;
}

json::array entities_to_json(const std::vector<Entity>& entities) {
  json::array out;
  for (const auto& one : entities) {
    out.push_back(json::array{std::string(entity_name(one.kind)), one.offset, one.length, one.text,
                              one.id, one.collapsed});
  }
  return out;
}

std::vector<Entity> entities_from_json(const json::value& in) {
  std::vector<Entity> out;
  for (const auto& item : in.as_array()) {
    const auto& from = item.as_array();
    const auto& name = from.at(0).as_string();
    const auto kind = entity_kind({name.data(), name.size()});
    if (!kind) throw std::runtime_error("a message has an unknown entity");
    const auto& extra = from.at(3).as_string();
    out.push_back({*kind, static_cast<std::int32_t>(from.at(1).as_int64()),
                   static_cast<std::int32_t>(from.at(2).as_int64()),
                   std::string(extra.data(), extra.size()), from.at(4).as_int64(),
                   from.at(5).as_bool()});
  }
  return out;
}

json::object formatted_to_json(const Formatted& text) {
  return {{"text", text.text}, {"entities", entities_to_json(text.entities)}};
}

Formatted formatted_from_json(const json::value& value) {
  const auto& in = value.as_object();
  return {text(in, "text"), entities_from_json(in.at("entities"))};
}

std::vector<std::int32_t> ids_from_json(const json::value& in) {
  std::vector<std::int32_t> out;
  for (const auto& id : in.as_array()) out.push_back(static_cast<std::int32_t>(id.as_int64()));
  return out;
}

}  // namespace server::sandbox::state
