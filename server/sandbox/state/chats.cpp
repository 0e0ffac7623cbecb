// Parts of the state file: groups and channels.
#include "server/sandbox/state/parts.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value_to.hpp>

namespace server::sandbox::state {

namespace json = boost::json;

json::object chat_to_json(const Chat& chat) {
  json::array members;
  for (const auto& member : chat.members) {
    members.push_back(json::array{member.user.value(), member.inviter.value(), member.date});
  }
  json::object out{{"id", chat.id.value()},           {"title", chat.title},
                   {"creator", chat.creator.value()}, {"date", chat.date},
                   {"version", chat.version},         {"members", std::move(members)}};
  if (!chat.admins.empty()) {
    out["admins"] = users_to_json({chat.admins.begin(), chat.admins.end()});
  }
  if (chat.photo) out["photo"] = chat.photo->id;
  return out;
}

Chat chat_from_json(const json::object& in, const Files& files) {
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
  if (const auto* given = in.if_contains("admins")) {
    for (const auto user : users_from_json(*given)) chat.admins.insert(user);
  }
  if (in.contains("photo")) chat.photo = files.find(number(in, "photo"));
  return chat;
}

json::object channel_to_json(const Channel& channel, const Places& places) {
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
  json::object out{{"id", channel.id.value()},
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
  if (channel.photo) out["photo"] = channel.photo->id;
  return out;
}

Channel channel_from_json(const json::object& in, const std::vector<PostPtr>& posts,
                          const Files& files) {
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
  if (in.contains("photo")) channel.photo = files.find(number(in, "photo"));
  box_from_json(in.at("box").as_object(), {}, channel.box, posts);
  return channel;
}

}  // namespace server::sandbox::state
