// Parts of the state file: accounts.
#include "server/sandbox/state/parts.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value_to.hpp>

namespace server::sandbox::state {

namespace json = boost::json;

namespace {

json::object privacy_to_json(const Privacy& privacy) {
  json::object out;
  for (const auto& [key, rules] : privacy) {
    json::array list;
    for (const auto& rule : rules) {
      json::array chats;
      for (const auto chat : rule.chats) chats.push_back(peer_to_json(chat));
      list.push_back(json::array{rule.kind, users_to_json(rule.users), std::move(chats)});
    }
    out[key] = std::move(list);
  }
  return out;
}

Privacy privacy_from_json(const json::object& in) {
  Privacy privacy;
  for (const auto& item : in) {
    auto& rules = privacy[std::string(item.key())];
    for (const auto& one : item.value().as_array()) {
      const auto& from = one.as_array();
      PrivacyRule rule{json::value_to<std::string>(from.at(0)), users_from_json(from.at(1)), {}};
      for (const auto& chat : from.at(2).as_array()) rule.chats.push_back(peer_from_json(chat));
      rules.push_back(std::move(rule));
    }
  }
  return privacy;
}

}  // namespace

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
  if (!user.login_email.empty()) out["login_email"] = user.login_email;
  out["resets"] =
      json::array{user.resets.email_date, user.resets.password_date, user.resets.password_retry};
  if (user.photo) out["photo"] = user.photo->id;
  json::array folders;
  for (const auto& folder : user.folders) folders.push_back(folder_to_json(folder));
  if (!folders.empty()) out["folders"] = std::move(folders);
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
  json::array blocked;
  for (const auto& [id, since] : user.blocked) blocked.push_back(json::array{id.value(), since});
  if (!blocked.empty()) out["blocked"] = std::move(blocked);
  if (!user.privacy.empty()) out["privacy"] = privacy_to_json(user.privacy);
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
  if (in.contains("login_email")) user.login_email = text(in, "login_email");
  if (const auto* given = in.if_contains("resets")) {
    const auto date = [&](std::size_t at) {
      return json::value_to<std::int32_t>(given->as_array().at(at));
    };
    user.resets = {date(0), date(1), date(2)};
  }
  if (const auto* given = in.if_contains("folders")) {
    for (const auto& folder : given->as_array()) {
      user.folders.push_back(folder_from_json(folder.as_object()));
    }
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
  if (const auto* given = in.if_contains("blocked")) {
    for (const auto& one : given->as_array()) {
      const auto& from = one.as_array();
      user.blocked[UserId(from.at(0).as_int64())] =
          static_cast<std::int32_t>(from.at(1).as_int64());
    }
  }
  if (const auto* given = in.if_contains("privacy")) {
    user.privacy = privacy_from_json(given->as_object());
  }
  return user;
}

}  // namespace server::sandbox::state
