#include "server/protocol/only_reads.hpp"

#include <algorithm>
#include <array>

namespace server {
namespace {

constexpr std::array<std::string_view, 3> verbs{"get", "search", "check"};

constexpr std::array<std::string_view, 12> reads{
    "account.resolveBusinessChatLink",
    "bots.canSendMessage",
    "contacts.resolvePhone",
    "contacts.resolveUsername",
    "get_future_salts",
    "msgs_state_req",
    "payments.canPurchaseStore",
    "ping",
    "ping_delay_disconnect",
    "smsjobs.isEligibleToJoin",
    "stats.loadAsyncGraph",
    "stories.canSendStory",
};

// They are called as if they only read.
constexpr std::array<std::string_view, 8> acts{
    "account.getTmpPassword",          // makes one
    "ephemeral.getCallbackAnswer",     // presses a button
    "messages.checkUrlAuthMatchCode",  // of somebody's sign-in
    "messages.getBotCallbackAnswer",   // presses a button
    "messages.getInlineBotResults",    // asks a bot
    "messages.getMessagesViews",       // may count a view
    "phone.checkGroupCall",            // stays in a call
    "smsjobs.getSmsJob",               // takes one
};

template <class List>
bool in(const List& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

// "getUsers" begins with the verb "get", "getaway" does not.
bool begins_with_verb(std::string_view name) {
  return std::ranges::any_of(verbs, [&](std::string_view verb) {
    return name.starts_with(verb) && (name.size() == verb.size() || is_upper(name[verb.size()]));
  });
}

// Links that sign in, withdraw money or let somebody stream.
bool hands_out_link(std::string_view name) {
  return name.ends_with("Url") || name.ends_with("URL");
}

}  // namespace

bool only_reads(std::string_view method) {
  if (in(reads, method)) return true;
  const auto dot = method.find('.');
  if (dot == method.npos || method.starts_with("auth.") || in(acts, method)) return false;
  const auto name = method.substr(dot + 1);
  return begins_with_verb(name) && !hands_out_link(name);
}

}  // namespace server
