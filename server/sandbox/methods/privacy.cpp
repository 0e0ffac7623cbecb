// account.getPrivacy, setPrivacy. core.telegram.org/api/privacy
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

// "inputPrivacyKeyForwards" as the world calls it: "privacyKeyForwards"; "" for anything else.
std::string without_input(std::string_view name, std::string_view kind) {
  constexpr std::string_view input = "inputPrivacy";
  if (!name.starts_with(input) || !name.substr(input.size()).starts_with(kind)) return {};
  return "privacy" + std::string(name.substr(input.size()));
}

Outcome<std::string> key_of(const Call& call) {
  auto key = without_input(call.args["key"].constructor(), "Key");
  if (key.empty()) return bad_request("PRIVACY_KEY_INVALID");
  return key;
}

// Ids of groups and of supergroups stand side by side there.
Outcome<PeerKey> chat_named(const Call& call, std::int64_t id) {
  if (const auto chat = call.chat_of(id)) return PeerKey::of(*chat);
  const auto* channel = call.world.channels.find(ChannelId(id));
  if (channel == nullptr || !channel->has(call.user())) return bad_request("CHAT_ID_INVALID");
  return PeerKey::of(channel->id);
}

Outcome<std::vector<PrivacyRule>> rules_of(const Call& call) {
  std::vector<PrivacyRule> rules;
  std::size_t size = 0;
  for (const auto& given : call.args["rules"].items()) {
    PrivacyRule rule;
    rule.kind = without_input(given.constructor(), "Value");
    if (rule.kind.empty()) return bad_request("PRIVACY_VALUE_INVALID");
    size += 1 + given["users"].items().size() + given["chats"].items().size();
    if (size > limits::privacy) return bad_request("PRIVACY_TOO_LONG");
    for (const auto& input : given["users"].items()) {
      const auto user = call.user_of(input);
      if (!user) return user.error();
      rule.users.push_back(*user);
    }
    for (const auto& id : given["chats"].items()) {
      const auto chat = chat_named(call, id.as_int64().value_or(0));
      if (!chat) return chat.error();
      rule.chats.push_back(*chat);
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

Value privacy_rules(Call& call, const std::string& key) {
  auto render = call.renderer();
  const auto rules = render.privacy_rules(call.self(), key);
  return call.make.object("account.privacyRules",
                          {{"rules", rules}, {"chats", render.chats()}, {"users", render.users()}});
}

Answer get_privacy(Call& call) {
  const auto key = key_of(call);
  if (!key) return key.error();
  return privacy_rules(call, *key);
}

Answer set_privacy(Call& call) {
  const auto key = key_of(call);
  if (!key) return key.error();
  auto rules = rules_of(call);
  if (!rules) return rules.error();
  call.self().privacy[*key] = std::move(*rules);
  call.world.tell(call.user(), PrivacyChanged{*key});
  call.world.changed();
  return privacy_rules(call, *key);
}

}  // namespace

std::span<const Method> privacy_methods() {
  static constexpr Method methods[] = {
      {"account.getPrivacy", Needs::somebody, get_privacy},
      {"account.setPrivacy", Needs::somebody, set_privacy},
  };
  return methods;
}

}  // namespace server::sandbox
