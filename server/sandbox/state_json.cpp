#include "server/sandbox/state_json.hpp"

#include <bit>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_to.hpp>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include "server/sandbox/state_values.hpp"

namespace server::sandbox {

namespace json = boost::json;
using namespace state;

namespace {

constexpr std::int64_t version = 1;

json::object user_to_json(const User& user) {
  json::object out{{"id", user.id.value()},
                   {"access_hash", user.access_hash},
                   {"home_dc", user.home_dc},
                   {"first_name", user.first_name},
                   {"last_name", user.last_name},
                   {"username", user.username},
                   {"phone", user.phone},
                   {"about", user.about},
                   {"bot", user.bot},
                   {"support", user.support},
                   {"bot_token", user.bot_token},
                   {"was_online", user.was_online}};
  if (user.two_step) {
    out["two_step"] = json::object{{"password", user.two_step->password},
                                   {"hint", user.two_step->hint},
                                   {"salt1", base64(user.two_step->algorithm.salt1)},
                                   {"salt2", base64(user.two_step->algorithm.salt2)},
                                   {"g", user.two_step->algorithm.g},
                                   {"p", base64(user.two_step->algorithm.p)}};
  }
  if (user.photo) out["photo"] = user.photo->id;
  json::object commands;
  for (const auto& [scope, list] : user.commands) {
    json::array given;
    for (const auto& one : list) given.push_back(json::array{one.command, one.description});
    commands[scope] = std::move(given);
  }
  if (!commands.empty()) out["commands"] = std::move(commands);
  json::array contacts;
  for (const auto& [id, contact] : user.contacts) {
    contacts.push_back(json::object{{"id", id.value()},
                                    {"first_name", contact.first_name},
                                    {"last_name", contact.last_name},
                                    {"phone", contact.phone}});
  }
  out["contacts"] = std::move(contacts);
  return out;
}

User user_from_json(const json::object& in, const Files& files) {
  User user;
  user.id = UserId(number(in, "id"));
  user.access_hash = number(in, "access_hash");
  user.home_dc = number32(in, "home_dc");
  user.first_name = text(in, "first_name");
  user.last_name = text(in, "last_name");
  user.username = text(in, "username");
  user.phone = text(in, "phone");
  user.about = text(in, "about");
  user.bot = in.at("bot").as_bool();
  user.support = in.at("support").as_bool();
  user.bot_token = text(in, "bot_token");
  user.was_online = number32(in, "was_online");
  if (const auto* given = in.if_contains("two_step")) {
    const auto& from = given->as_object();
    TwoStep two_step;
    two_step.password = text(from, "password");
    two_step.hint = text(from, "hint");
    two_step.algorithm.salt1 = bytes(from, "salt1");
    two_step.algorithm.salt2 = bytes(from, "salt2");
    two_step.algorithm.g = number32(from, "g");
    two_step.algorithm.p = bytes(from, "p");
    user.two_step = std::move(two_step);
  }
  if (const auto* given = in.if_contains("commands")) {
    for (const auto& item : given->as_object()) {
      auto& list = user.commands[std::string(item.key())];
      for (const auto& one : item.value().as_array()) {
        list.push_back({json::value_to<std::string>(one.as_array().at(0)),
                        json::value_to<std::string>(one.as_array().at(1))});
      }
    }
  }
  if (in.contains("photo")) user.photo = files.find(number(in, "photo"));
  for (const auto& one : in.at("contacts").as_array()) {
    const auto& from = one.as_object();
    user.contacts[UserId(number(from, "id"))] = {text(from, "first_name"), text(from, "last_name"),
                                                 text(from, "phone")};
  }
  return user;
}

json::object chat_to_json(const Chat& chat) {
  json::array members;
  for (const auto& member : chat.members) {
    members.push_back(json::array{member.user.value(), member.inviter.value(), member.date});
  }
  return {{"id", chat.id.value()}, {"title", chat.title},     {"creator", chat.creator.value()},
          {"date", chat.date},     {"version", chat.version}, {"members", std::move(members)}};
}

Chat chat_from_json(const json::object& in) {
  Chat chat;
  chat.id = ChatId(number(in, "id"));
  chat.title = text(in, "title");
  chat.creator = UserId(number(in, "creator"));
  chat.date = number32(in, "date");
  chat.version = number32(in, "version");
  for (const auto& one : in.at("members").as_array()) {
    const auto& from = one.as_array();
    chat.members.push_back({UserId(from.at(0).as_int64()), UserId(from.at(1).as_int64()),
                            static_cast<std::int32_t>(from.at(2).as_int64())});
  }
  return chat;
}

json::object channel_to_json(const Channel& channel,
                             const std::unordered_map<const Post*, std::int64_t>& places) {
  json::array members, admins, bans;
  for (const auto& [user, one] : channel.members) {
    members.push_back(json::array{user.value(), one.inviter.value(), one.date});
  }
  for (const auto& [user, one] : channel.admins) {
    admins.push_back(
        json::array{user.value(), one.promoted_by.value(), one.date, one.rights, one.rank});
  }
  for (const auto& [user, one] : channel.bans) {
    bans.push_back(json::array{user.value(), one.by.value(), one.date, one.rights, one.until});
  }
  return {{"id", channel.id.value()},
          {"secret", channel.secret},
          {"broadcast", channel.broadcast},
          {"gone", channel.gone},
          {"title", channel.title},
          {"about", channel.about},
          {"username", channel.username},
          {"creator", channel.creator.value()},
          {"date", channel.date},
          {"changed", channel.changed},
          {"default_banned", channel.default_banned},
          {"members", std::move(members)},
          {"admins", std::move(admins)},
          {"bans", std::move(bans)},
          {"box", box_to_json({}, channel.box, places)}};
}

Channel channel_from_json(const json::object& in, const std::vector<PostPtr>& posts) {
  Channel channel(ChannelId(number(in, "id")));
  channel.secret = number(in, "secret");
  channel.broadcast = in.at("broadcast").as_bool();
  channel.gone = in.at("gone").as_bool();
  channel.title = text(in, "title");
  channel.about = text(in, "about");
  channel.username = text(in, "username");
  channel.creator = UserId(number(in, "creator"));
  channel.date = number32(in, "date");
  channel.changed = number32(in, "changed");
  channel.default_banned = json::value_to<Rights>(in.at("default_banned"));
  const auto small = [](const json::value& value) {
    return static_cast<std::int32_t>(value.as_int64());
  };
  for (const auto& item : in.at("members").as_array()) {
    const auto& from = item.as_array();
    channel.members[UserId(from.at(0).as_int64())] = {UserId(from.at(1).as_int64()),
                                                      small(from.at(2))};
  }
  for (const auto& item : in.at("admins").as_array()) {
    const auto& from = item.as_array();
    channel.admins[UserId(from.at(0).as_int64())] = {
        UserId(from.at(1).as_int64()), small(from.at(2)), json::value_to<Rights>(from.at(3)),
        json::value_to<std::string>(from.at(4))};
  }
  for (const auto& item : in.at("bans").as_array()) {
    const auto& from = item.as_array();
    channel.bans[UserId(from.at(0).as_int64())] = {UserId(from.at(1).as_int64()), small(from.at(2)),
                                                   json::value_to<Rights>(from.at(3)),
                                                   small(from.at(4))};
  }
  box_from_json(in.at("box").as_object(), {}, channel.box, posts);
  return channel;
}

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
                   {}};
    for (const auto& id : from.at("files").as_array()) {
      auto file = files.find(id.as_int64());
      if (!file) throw std::runtime_error("a sticker's file is not there");
      set.stickers.push_back(std::move(file));
    }
    out.push_back(std::move(set));
  }
  return out;
}

// A poll is the same wherever it was forwarded to.
void share_polls(const std::vector<PostPtr>& posts) {
  std::unordered_map<std::int64_t, PollPtr> known;
  for (const auto& post : posts) {
    if (auto* media = std::get_if<PollMedia>(&post->media)) {
      media->poll = known.emplace(media->poll->id, media->poll).first->second;
    }
  }
}

json::object key_to_json(const Key& key) {
  json::object out{{"id", std::bit_cast<std::int64_t>(key.id.value())},
                   {"dc", key.dc},
                   {"hash", key.hash},
                   {"created", key.created},
                   {"active", key.active}};
  if (key.layer) out["layer"] = *key.layer;
  if (key.user) out["user"] = key.user->value();
  if (key.parent) out["parent"] = std::bit_cast<std::int64_t>(key.parent->value());
  if (key.awaits_password) out["awaits_password"] = key.awaits_password->value();
  if (key.app) {
    out["app"] = json::object{{"api_id", key.app->api_id},
                              {"device_model", key.app->device_model},
                              {"system_version", key.app->system_version},
                              {"app_version", key.app->app_version},
                              {"lang_code", key.app->lang_code}};
  }
  return out;
}

Key key_from_json(const json::object& in) {
  Key key;
  key.id = mtproto::AuthKeyId(std::bit_cast<std::uint64_t>(number(in, "id")));
  key.dc = number32(in, "dc");
  key.hash = number(in, "hash");
  key.created = number32(in, "created");
  key.active = number32(in, "active");
  if (in.contains("layer")) key.layer = number32(in, "layer");
  if (in.contains("user")) key.user = UserId(number(in, "user"));
  if (in.contains("parent")) {
    key.parent = mtproto::AuthKeyId(std::bit_cast<std::uint64_t>(number(in, "parent")));
  }
  if (in.contains("awaits_password")) key.awaits_password = UserId(number(in, "awaits_password"));
  if (const auto* given = in.if_contains("app")) {
    const auto& from = given->as_object();
    key.app =
        AppInfo{number32(from, "api_id"), text(from, "device_model"), text(from, "system_version"),
                text(from, "app_version"), text(from, "lang_code")};
  }
  return key;
}

}  // namespace

json::value world_to_json(const World& world, const std::vector<StoredKey>& keys) {
  json::array users, chats, channels, files, posts, boxes, sign_ins, auth_keys;
  for (const auto& [id, user] : world.accounts.all()) users.push_back(user_to_json(user));
  for (const auto& [id, chat] : world.chats.all()) chats.push_back(chat_to_json(chat));
  for (const auto& [id, file] : world.files.all()) files.push_back(file_to_json(*file));
  // A post lies in several boxes and is written once.
  std::unordered_map<const Post*, std::int64_t> places;
  const auto take_posts = [&](const UserInbox& box) {
    for (const auto& message : box.messages()) {
      if (!message.post || !places.emplace(message.post.get(), places.size()).second) continue;
      posts.push_back(post_to_json(*message.post));
    }
  };
  for (const auto& [user, box] : world.boxes) take_posts(box);
  for (const auto& [id, channel] : world.channels.all()) {
    take_posts(channel.box);
    channels.push_back(channel_to_json(channel, places));
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
                      {"stickers", stickers_to_json(world.sticker_sets)},
                      {"files", std::move(files)},
                      {"posts", std::move(posts)},
                      {"boxes", std::move(boxes)},
                      {"sign_ins", std::move(sign_ins)},
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
    world.chats.add(chat_from_json(chat.as_object()));
  }
  std::vector<PostPtr> posts;
  for (const auto& post : in.at("posts").as_array()) {
    posts.push_back(post_from_json(post.as_object(), world.files));
  }
  share_polls(posts);
  if (const auto* given = in.if_contains("stickers")) {
    world.sticker_sets = stickers_from_json(given->as_array(), world.files);
  }
  if (const auto* given = in.if_contains("channels")) {
    for (const auto& channel : given->as_array()) {
      world.channels.add(channel_from_json(channel.as_object(), posts));
    }
  }
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
  std::vector<StoredKey> keys;
  for (const auto& key : in.at("auth_keys").as_array()) {
    const auto& from = key.as_object();
    keys.push_back({number32(from, "dc"), bytes(from, "auth_key"), from.contains("test")});
    if (keys.back().auth_key.size() != 256) throw std::runtime_error("a key has a wrong length");
  }
  return keys;
}

}  // namespace server::sandbox
