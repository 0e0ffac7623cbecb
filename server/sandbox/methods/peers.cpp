// Call: what InputPeer, InputUser and entities stand for, with access hashes checked.
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

Outcome<UserId> Call::user_of(const tl::Value& input) const {
  const auto kind = input.constructor();
  if (kind == "inputUserSelf" || kind == "inputPeerSelf") {
    if (!key.user) return bad_request("USER_ID_INVALID");
    return *key.user;
  }
  const UserId id(input["user_id"].as_int64().value_or(0));
  const auto* found = world.accounts.find(id);
  if (found == nullptr) return bad_request("USER_ID_INVALID");
  if (kind == "inputUser" || kind == "inputPeerUser") {
    const auto hash = input["access_hash"].as_int64().value_or(0);
    // A bot may name whom it has met without a hash.
    const auto* caller = world.accounts.find(user());
    const bool bot = hash == 0 && caller != nullptr && caller->bot;
    if (id != user() && hash != found->access_hash && !bot) return bad_request("USER_ID_INVALID");
    return id;
  }
  if (kind == "inputUserFromMessage" || kind == "inputPeerUserFromMessage") {
    const auto where = peer(input["peer"]);
    if (!where) return bad_request("USER_ID_INVALID");
    const auto* seen = world.message(
        user(), *where, static_cast<std::int32_t>(input["msg_id"].as_int64().value_or(0)));
    if (seen == nullptr || seen->post->from != id) return bad_request("USER_ID_INVALID");
    return id;
  }
  return bad_request("USER_ID_INVALID");
}

Outcome<ChatId> Call::chat_of(std::int64_t id) const {
  const auto* chat = world.chats.find(ChatId(id));
  if (chat == nullptr || chat->member(user()) == nullptr) return bad_request("CHAT_ID_INVALID");
  return chat->id;
}

Outcome<PeerKey> Call::peer(const tl::Value& input) const {
  const auto kind = input.constructor();
  if (kind == "inputPeerChat") {
    const ChatId id(input["chat_id"].as_int64().value_or(0));
    const auto* chat = world.chats.find(id);
    const auto* mine = world.find_box(user());
    // Whoever left keeps what was said before.
    const bool known = chat != nullptr && (chat->member(user()) != nullptr ||
                                           (mine != nullptr && mine->dialog(PeerKey::of(id))));
    if (!known) return bad_request("PEER_ID_INVALID");
    return PeerKey::of(id);
  }
  if (kind.starts_with("inputPeerChannel")) {
    const auto found = channel(input);
    if (!found) return found.error();
    return PeerKey::of((*found)->id);
  }
  const auto user = user_of(input);
  if (!user) return bad_request("PEER_ID_INVALID");
  return PeerKey::of(*user);
}

Outcome<Channel*> Call::channel(const tl::Value& input) const {
  const auto kind = input.constructor();
  const ChannelId id(input["channel_id"].as_int64().value_or(0));
  auto* found = world.channels.find(id);
  if (found == nullptr) return bad_request("CHANNEL_INVALID");
  if (kind == "inputChannel" || kind == "inputPeerChannel") {
    const auto hash = input["access_hash"].as_int64().value_or(0);
    // A bot may name where it is without a hash.
    const auto* caller = world.accounts.find(user());
    const bool bot = hash == 0 && caller != nullptr && caller->bot && found->has(user());
    if (hash != found->hash_for(user()) && !bot) return bad_request("CHANNEL_INVALID");
  } else if (kind == "inputChannelFromMessage" || kind == "inputPeerChannelFromMessage") {
    const auto where = peer(input["peer"]);
    if (!where) return where.error();
    const auto* seen = world.message(
        user(), *where, static_cast<std::int32_t>(input["msg_id"].as_int64().value_or(0)));
    const auto* forward = seen != nullptr && seen->post->forward ? &*seen->post->forward : nullptr;
    const bool there = forward != nullptr && forward->from == PeerKey::of(id);
    if (!there && *where != PeerKey::of(id)) return bad_request("CHANNEL_INVALID");
  } else {
    return bad_request("CHANNEL_INVALID");
  }
  if (!found->may_see(user(), world.date())) return bad_request("CHANNEL_PRIVATE");
  return found;
}

Outcome<PeerKey> Call::writable(const tl::Value& input) const {
  const auto where = peer(input);
  if (!where) return where;
  if (where->is_user()) {
    if (world.accounts.blocks(user(), where->user())) return bad_request("YOU_BLOCKED_USER");
    if (world.accounts.blocks(where->user(), user())) return bad_request("USER_IS_BLOCKED");
    return where;
  }
  if (where->is_channel()) {
    const auto& channel = *world.channels.find(where->channel());
    if (channel.may_write(user(), world.date())) return where;
    if (channel.broadcast && channel.has(user())) return bad_request("CHAT_ADMIN_REQUIRED");
    return RpcError{403, "CHAT_WRITE_FORBIDDEN"};
  }
  if (world.chats.find(where->chat())->member(user()) == nullptr) {
    return RpcError{403, "CHAT_WRITE_FORBIDDEN"};
  }
  return where;
}

Outcome<const BoxMessage*> Call::message(PeerKey peer, std::int32_t id) const {
  const auto* found = world.message(user(), peer, id);
  if (found == nullptr) return bad_request("MESSAGE_ID_INVALID");
  return found;
}

Outcome<std::vector<Entity>> Call::entities(const tl::Value& list) const {
  std::vector<Entity> out;
  for (const auto& item : list.items()) {
    if (out.size() == limits::entities) break;
    const auto kind = entity_kind(item.constructor());
    if (!kind) continue;
    Entity entity;
    entity.kind = *kind;
    entity.offset = static_cast<std::int32_t>(item["offset"].as_int64().value_or(0));
    entity.length = static_cast<std::int32_t>(item["length"].as_int64().value_or(0));
    entity.collapsed = item["collapsed"].as_bool();
    if (entity.offset < 0 || entity.length < 0) return bad_request("ENTITY_BOUNDS_INVALID");
    if (*kind == Entity::Kind::text_url) entity.text = std::string(item["url"].text());
    if (*kind == Entity::Kind::pre) entity.text = std::string(item["language"].text());
    if (entity.text.size() > 2048 || !is_utf8(entity.text)) {
      return bad_request("ENTITY_TEXTURL_INVALID");
    }
    if (*kind == Entity::Kind::custom_emoji) {
      entity.id = item["document_id"].as_int64().value_or(0);
    }
    if (*kind == Entity::Kind::mention_name) {
      if (item["user_id"].is_object()) {
        const auto user = user_of(item["user_id"]);
        if (!user) return bad_request("ENTITY_MENTION_USER_INVALID");
        entity.id = user->value();
      } else {
        entity.id = item["user_id"].as_int64().value_or(0);
        if (world.accounts.find(UserId(entity.id)) == nullptr) {
          return bad_request("ENTITY_MENTION_USER_INVALID");
        }
      }
    }
    out.push_back(std::move(entity));
  }
  return out;
}

std::int32_t Call::reply_to() const {
  const auto& due = args["reply_to"];
  if (due.is_object()) {
    return static_cast<std::int32_t>(due["reply_to_msg_id"].as_int64().value_or(0));
  }
  return number32("reply_to_msg_id");  // as layers before 158 had it
}

tl::Value Call::answer_updates(std::span<const tl::Value> first) {
  std::vector<Notice> others;
  std::vector<Logged> mine;
  for (auto& notice : world.take_notices()) {
    if (notice.to == user() && !notice.caller_too) {
      mine.push_back(notice.what);
      told.push_back(std::move(notice));
    } else {
      others.push_back(std::move(notice));
    }
  }
  auto render = renderer();
  const auto answer = render.updates(mine, first);
  for (auto& notice : others) told.push_back(std::move(notice));
  return answer;
}

}  // namespace server::sandbox
