// Parts of the state file: messages as they were written.
#include "server/sandbox/state/parts.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value_to.hpp>
#include <stdexcept>

#include "tl/base64.hpp"

namespace server::sandbox::state {

namespace json = boost::json;

namespace {

json::value action_to_json(const Action& action) {
  if (const auto* made = std::get_if<ChatCreated>(&action)) {
    return json::object{{"created", made->title}, {"users", users_to_json(made->users)}};
  }
  if (const auto* titled = std::get_if<ChatTitled>(&action)) {
    return json::object{{"titled", titled->title}};
  }
  if (const auto* joined = std::get_if<ChatJoined>(&action)) {
    return json::object{{"joined", users_to_json(joined->users)}};
  }
  if (std::holds_alternative<MessagePinned>(action)) return json::object{{"pinned", true}};
  if (const auto* made = std::get_if<ChannelCreated>(&action)) {
    return json::object{{"channel", made->title}};
  }
  if (const auto* left = std::get_if<ChatLeft>(&action)) {
    return json::object{{"left", left->user.value()}};
  }
  if (const auto* photo = std::get_if<ChatPhotoed>(&action)) {
    return json::object{{"photo", photo->photo ? photo->photo->id : 0}};
  }
  if (const auto* joined = std::get_if<ChatJoinedByLink>(&action)) {
    return json::object{{"by_link_of", joined->inviter.value()}};
  }
  return nullptr;
}

Action action_from_json(const json::value& value, const Files& files) {
  if (value.is_null()) return {};
  const auto& in = value.as_object();
  if (in.contains("created")) {
    return ChatCreated{text(in, "created"), users_from_json(in.at("users"))};
  }
  if (in.contains("titled")) return ChatTitled{text(in, "titled")};
  if (in.contains("joined")) return ChatJoined{users_from_json(in.at("joined"))};
  if (in.contains("pinned")) return MessagePinned{};
  if (in.contains("channel")) return ChannelCreated{text(in, "channel")};
  if (in.contains("photo")) return ChatPhotoed{files.find(number(in, "photo"))};
  if (in.contains("by_link_of")) return ChatJoinedByLink{UserId(number(in, "by_link_of"))};
  return ChatLeft{UserId(number(in, "left"))};
}

json::object keyboard_to_json(const Keyboard& keyboard) {
  json::array rows;
  for (const auto& row : keyboard.rows) {
    json::array buttons;
    for (const auto& one : row) {
      buttons.push_back(
          json::array{static_cast<std::int64_t>(one.kind), one.text, one.url, base64(one.data)});
    }
    rows.push_back(std::move(buttons));
  }
  return {{"kind", static_cast<std::int64_t>(keyboard.kind)},
          {"rows", std::move(rows)},
          {"resize", keyboard.resize},
          {"single_use", keyboard.single_use},
          {"selective", keyboard.selective},
          {"persistent", keyboard.persistent},
          {"placeholder", keyboard.placeholder}};
}

KeyboardPtr keyboard_from_json(const json::object& in) {
  auto keyboard = std::make_shared<Keyboard>();
  const auto kind = [](const json::value& value, auto last) {
    const auto number = value.as_int64();
    if (number < 0 || number > static_cast<std::int64_t>(last)) {
      throw std::runtime_error("a message has unknown buttons");
    }
    return static_cast<decltype(last)>(number);
  };
  keyboard->kind = kind(in.at("kind"), Keyboard::Kind::force_reply);
  for (const auto& row : in.at("rows").as_array()) {
    auto& buttons = keyboard->rows.emplace_back();
    for (const auto& item : row.as_array()) {
      const auto& from = item.as_array();
      const auto string = [&](std::size_t at) { return json::value_to<std::string>(from.at(at)); };
      Button button{kind(from.at(0), Button::Kind::callback), string(1), string(2), {}};
      if (!tl::decode_base64(string(3), button.data)) {
        throw std::runtime_error("a button's data is no base64");
      }
      buttons.push_back(std::move(button));
    }
  }
  keyboard->resize = in.at("resize").as_bool();
  keyboard->single_use = in.at("single_use").as_bool();
  keyboard->selective = in.at("selective").as_bool();
  keyboard->persistent = in.at("persistent").as_bool();
  keyboard->placeholder = text(in, "placeholder");
  return keyboard;
}

json::array saved_to_json(const SavedFrom& saved) {
  json::array out{peer_to_json(saved.peer), saved.id, saved.out};
  if (saved.sender) {
    out.push_back(peer_to_json(*saved.sender));
    out.push_back(saved.date);
  }
  return out;
}

SavedFrom saved_from_json(const json::array& in) {
  SavedFrom saved{peer_from_json(in.at(0)), static_cast<std::int32_t>(in.at(1).as_int64()),
                  in.at(2).as_bool(), std::nullopt, 0};
  if (in.size() == 3) return saved;
  saved.sender = peer_from_json(in.at(3));
  saved.date = static_cast<std::int32_t>(in.at(4).as_int64());
  return saved;
}

json::array forward_to_json(const Forward& forward) {
  json::array out{peer_to_json(forward.from), forward.date, forward.post};
  if (forward.saved) out.push_back(saved_to_json(*forward.saved));
  return out;
}

// Before there were channels it was a user and a date.
Forward forward_from_json(const json::array& in) {
  const auto& from = in.at(0);
  Forward out{from.is_array() ? peer_from_json(from) : PeerKey::of(UserId(from.as_int64())),
              static_cast<std::int32_t>(in.at(1).as_int64()),
              in.size() > 2 ? static_cast<std::int32_t>(in.at(2).as_int64()) : 0, std::nullopt};
  if (in.size() > 3) out.saved = saved_from_json(in.at(3).as_array());
  return out;
}

}  // namespace

json::object post_to_json(const Post& post) {
  json::object out{{"from", post.from.value()},
                   {"date", post.date},
                   {"edit_date", post.edit_date},
                   {"text", post.text},
                   {"entities", entities_to_json(post.entities)},
                   {"media", media_to_json(post.media)},
                   {"action", action_to_json(post.action)},
                   {"silent", post.silent},
                   {"noforwards", post.noforwards}};
  if (post.from_schedule) out["from_schedule"] = true;
  if (post.keyboard) out["keyboard"] = keyboard_to_json(*post.keyboard);
  json::array reactions;
  for (const auto& one : post.reactions) {
    reactions.push_back(json::array{one.user.value(), one.emoji, one.date});
  }
  if (!reactions.empty()) out["reactions"] = std::move(reactions);
  if (!post.viewers.empty()) {
    out["viewers"] = users_to_json({post.viewers.begin(), post.viewers.end()});
  }
  if (post.forwards != 0) out["forwards"] = post.forwards;
  if (post.forward) out["forward"] = forward_to_json(*post.forward);
  return out;
}

PostPtr post_from_json(const json::object& in, const Files& files) {
  auto post = std::make_shared<Post>();
  post->from = UserId(number(in, "from"));
  post->date = number32(in, "date");
  post->edit_date = number32(in, "edit_date");
  post->text = text(in, "text");
  post->entities = entities_from_json(in.at("entities"));
  post->media = media_from_json(in.at("media"), files);
  post->action = action_from_json(in.at("action"), files);
  post->silent = in.at("silent").as_bool();
  post->noforwards = in.at("noforwards").as_bool();
  post->from_schedule = in.contains("from_schedule");
  if (const auto* given = in.if_contains("keyboard")) {
    post->keyboard = keyboard_from_json(given->as_object());
  }
  if (const auto* given = in.if_contains("reactions")) {
    for (const auto& item : given->as_array()) {
      const auto& from = item.as_array();
      const auto& emoji = from.at(1).as_string();
      post->reactions.push_back({UserId(from.at(0).as_int64()),
                                 {emoji.data(), emoji.size()},
                                 static_cast<std::int32_t>(from.at(2).as_int64())});
    }
  }
  if (const auto* given = in.if_contains("viewers")) {
    const auto users = users_from_json(*given);
    post->viewers = {users.begin(), users.end()};
  }
  if (in.contains("forwards")) post->forwards = number32(in, "forwards");
  if (const auto* given = in.if_contains("forward")) {
    post->forward = forward_from_json(given->as_array());
  }
  return post;
}

}  // namespace server::sandbox::state
