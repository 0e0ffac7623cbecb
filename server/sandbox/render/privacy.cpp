// Renderer: rules of privacy.
#include "server/sandbox/render/fields.hpp"
#include "server/sandbox/render/renderer.hpp"

namespace server::sandbox {

using tl::Value;

Value Renderer::privacy_rules(const User& user, const std::string& key) {
  const auto found = user.privacy.find(key);
  if (found == user.privacy.end()) {
    return make_.array({make_.object("privacyValueAllowAll", {})});
  }
  std::vector<Value> rules;
  for (const auto& rule : found->second) {
    std::vector<Value> users, chats;
    for (const auto id : rule.users) {
      need(id);
      users.push_back(Value::integer(id.value()));
    }
    for (const auto peer : rule.chats) {
      need_chat(peer);
      chats.push_back(Value::integer(peer.id));
    }
    // A copy: what is set next takes the rule's own away.
    Fields out(make_, make_.string(rule.kind).text());
    if (rule.kind.ends_with("Users")) out.set("users", make_.array(users));
    if (rule.kind.ends_with("ChatParticipants")) out.set("chats", make_.array(chats));
    rules.push_back(out.done());
  }
  return make_.array(rules);
}

}  // namespace server::sandbox
