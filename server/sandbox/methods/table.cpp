#include <algorithm>
#include <unordered_map>

#include "server/sandbox/methods/call.hpp"

namespace server::sandbox {
namespace {

const std::unordered_map<std::string_view, const Method*>& table() {
  static const auto made = [] {
    std::unordered_map<std::string_view, const Method*> out;
    for (const auto subject : {auth_methods(),        login_token_methods(),
                               two_step_methods(),    temporary_key_methods(),
                               account_methods(),     help_methods(),
                               user_methods(),        contact_methods(),
                               dialog_methods(),      history_methods(),
                               send_methods(),        change_methods(),
                               chat_methods(),        channel_methods(),
                               participant_methods(), channel_message_methods(),
                               upload_methods(),      stats_methods(),
                               update_methods(),      reaction_methods(),
                               button_methods(),      scheduled_methods(),
                               folder_methods(),      poll_methods(),
                               sticker_methods(),     nothing_methods(),
                               block_methods(),       privacy_methods(),
                               chat_photo_methods(),  invite_methods(),
                               login_email_methods()}) {
      for (const auto& method : subject) out.emplace(method.name, &method);
    }
    return out;
  }();
  return made;
}

}  // namespace

const Method* find_method(std::string_view name) {
  const auto found = table().find(name);
  return found == table().end() ? nullptr : found->second;
}

std::vector<std::string_view> method_names() {
  std::vector<std::string_view> out;
  for (const auto& [name, method] : table()) out.push_back(name);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace server::sandbox
