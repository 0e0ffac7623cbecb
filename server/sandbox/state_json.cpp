#include "server/sandbox/state_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include "server/sandbox/state/parts.hpp"

namespace server::sandbox {

namespace json = boost::json;
using namespace state;

namespace {

constexpr std::int64_t version = 1;

// A poll is the same wherever it was forwarded to.
void share_polls(const std::vector<PostPtr>& posts) {
  std::unordered_map<std::int64_t, PollPtr> known;
  for (const auto& post : posts) {
    if (auto* media = std::get_if<PollMedia>(&post->media)) {
      media->poll = known.emplace(media->poll->id, media->poll).first->second;
    }
  }
}

}  // namespace

json::value world_to_json(const World& world, const std::vector<StoredKey>& keys) {
  json::array users, chats, channels, files, posts, boxes, sign_ins, auth_keys;
  for (const auto& [id, user] : world.accounts.all()) users.push_back(user_to_json(user));
  for (const auto& [id, chat] : world.chats.all()) chats.push_back(chat_to_json(chat));
  for (const auto& [id, file] : world.files.all()) files.push_back(file_to_json(*file));
  // A post lies in several boxes and is written once.
  Places places;
  const auto take_post = [&](const BoxMessage& message) {
    if (!message.post || !places.emplace(message.post.get(), places.size()).second) return;
    posts.push_back(post_to_json(*message.post));
  };
  const auto take_posts = [&](const UserInbox& box) {
    for (const auto& message : box.messages()) take_post(message);
  };
  for (const auto& [user, box] : world.boxes) take_posts(box);
  for (const auto& [id, channel] : world.channels.all()) {
    take_posts(channel.box);
    channels.push_back(channel_to_json(channel, places));
  }
  for (const auto& [where, list] : world.scheduled.all()) {
    for (const auto& [id, one] : list) take_post(one.message);
  }
  for (const auto& [user, box] : world.boxes) boxes.push_back(box_to_json(user, box, places));
  for (const auto& [id, key] : world.sign_in.keys()) {
    if (key.app || key.user) sign_ins.push_back(key_to_json(key));
  }
  for (const auto& key : keys) {
    json::object one{{"dc", key.dc}, {"auth_key", base64(key.auth_key)}};
    if (key.test) one["test"] = true;
    auth_keys.push_back(std::move(one));
  }
  return json::object{{"streamjson_sandbox", version},
                      {"users", std::move(users)},
                      {"chats", std::move(chats)},
                      {"channels", std::move(channels)},
                      {"invites", invites_to_json(world.invites)},
                      {"stickers", stickers_to_json(world.sticker_sets)},
                      {"scheduled", scheduled_to_json(world.scheduled, places)},
                      {"files", std::move(files)},
                      {"posts", std::move(posts)},
                      {"boxes", std::move(boxes)},
                      {"sign_ins", std::move(sign_ins)},
                      {"future_tokens", future_tokens_to_json(world.future_tokens)},
                      {"auth_keys", std::move(auth_keys)}};
}

std::vector<StoredKey> world_from_json(const json::value& state, World& world) {
  const auto& in = state.as_object();
  if (number(in, "streamjson_sandbox") != version) {
    throw std::runtime_error("it is of another version");
  }
  for (const auto& file : in.at("files").as_array()) {
    world.files.restore(file_from_json(file.as_object()));
  }
  for (const auto& user : in.at("users").as_array()) {
    world.accounts.add(user_from_json(user.as_object(), world.files));
  }
  for (const auto& chat : in.at("chats").as_array()) {
    world.chats.add(chat_from_json(chat.as_object(), world.files));
  }
  std::vector<PostPtr> posts;
  for (const auto& post : in.at("posts").as_array()) {
    posts.push_back(post_from_json(post.as_object(), world.files));
  }
  share_polls(posts);
  if (const auto* given = in.if_contains("scheduled")) {
    scheduled_from_json(given->as_array(), posts, world);
  }
  if (const auto* given = in.if_contains("stickers")) {
    world.sticker_sets = stickers_from_json(given->as_array(), world.files);
  }
  if (const auto* given = in.if_contains("channels")) {
    for (const auto& channel : given->as_array()) {
      world.channels.add(channel_from_json(channel.as_object(), posts, world.files));
    }
  }
  if (const auto* given = in.if_contains("invites")) invites_from_json(given->as_array(), world);
  for (const auto& box : in.at("boxes").as_array()) {
    const auto& from = box.as_object();
    const UserId owner(number(from, "user"));
    box_from_json(from, owner, world.box(owner), posts);
  }
  for (const auto& post : posts) {
    std::sort(post->copies.begin(), post->copies.end(),
              [](const Post::Copy& a, const Post::Copy& b) { return a.box < b.box; });
  }
  world.count_messages();
  for (const auto& key : in.at("sign_ins").as_array()) {
    world.sign_in.restore(key_from_json(key.as_object()));
  }
  if (const auto* given = in.if_contains("future_tokens")) {
    future_tokens_from_json(given->as_array(), world.future_tokens);
  }
  std::vector<StoredKey> keys;
  for (const auto& key : in.at("auth_keys").as_array()) {
    const auto& from = key.as_object();
    keys.push_back({number32(from, "dc"), bytes(from, "auth_key"), from.contains("test")});
    if (keys.back().auth_key.size() != 256) throw std::runtime_error("a key has a wrong length");
  }
  return keys;
}

}  // namespace server::sandbox
