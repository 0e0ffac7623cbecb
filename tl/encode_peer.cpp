// "me" and "@name" where an InputPeer, InputUser or InputChannel is due. server/API.md,
// "Peers by name".
#include <algorithm>

#include "tl/encoder.hpp"
#include "tl/numbers.hpp"

namespace tl {
namespace {

constexpr std::size_t max_name = 64;

// The name in lower case, without its @; empty where it can't be one.
std::string peer_name(std::string_view text) {
  if (text.size() < 2 || text.size() > max_name || text.front() != '@') return {};
  std::string name;
  for (const char c : text.substr(1)) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') return {};
    name += upper ? static_cast<char>(c + 32) : c;
  }
  return name;
}

}  // namespace

bool Encoder::is_peer(TypeRef due) const {
  const auto name = schema_.type(due.index).name;
  return name == "InputPeer" || name == "InputUser" || name == "InputChannel";
}

bool Encoder::peer(TypeRef due, const Value& value, const Place& place) {
  const auto type = schema_.type(due.index).name;
  if (value.text() == "me") {
    if (type == "InputChannel") return wrong_type(place, "\"me\" is no channel");
    const Member self{"_cons",
                      Value::string(type == "InputUser" ? "inputUserSelf" : "inputPeerSelf")};
    return boxed(due, Value::object({&self, 1}), place);
  }
  const auto name = peer_name(value.text());
  if (name.empty()) {
    return wrong_type(place, std::string(type) + R"( is due: an object, "me" or "@name")");
  }
  if (options_.peers == nullptr) return wrong_type(place, "names are not looked up here");
  const auto known = options_.peers->find(name);
  if (known) return write_peer(due, *known, name, place);
  auto& lacking = encoding_.lacking;
  if (lacking.size() < Encoding::max_lacking &&
      std::find(lacking.begin(), lacking.end(), name) == lacking.end()) {
    lacking.push_back(name);
  }
  writer_.nat(0);
  return true;
}

bool Encoder::write_peer(TypeRef due, const Peer& peer, std::string_view name, const Place& place) {
  const auto type = schema_.type(due.index).name;
  const auto refuse = [&](std::string_view kind) {
    return wrong_type(place, "@" + std::string(name) + " is " + std::string(kind) + "; " +
                                 std::string(type) + " is due");
  };
  const auto id = Value::integer(peer.id);
  const auto hash = Value::integer(peer.access_hash);
  const auto write = [&](std::string_view constructor, std::string_view id_name, bool hashed) {
    const std::array members{Member{"_cons", Value::string(constructor)}, Member{id_name, id},
                             Member{"access_hash", hash}};
    return boxed(due, Value::object({members.data(), hashed ? 3U : 2U}), place);
  };
  switch (peer.kind) {
    case Peer::Kind::user:
      if (type == "InputChannel") return refuse("a user");
      return write(type == "InputUser" ? "inputUser" : "inputPeerUser", "user_id", true);
    case Peer::Kind::channel:
      if (type == "InputUser") return refuse("a channel");
      return write(type == "InputChannel" ? "inputChannel" : "inputPeerChannel", "channel_id",
                   true);
    case Peer::Kind::chat:
      if (type != "InputPeer") return refuse("a group");
      return write("inputPeerChat", "chat_id", false);
  }
  return refuse("nothing known");
}

}  // namespace tl
