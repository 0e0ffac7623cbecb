// Names under which something stands that must not be seen. Whatever sounds like it counts, so that
// what a coming layer or a client's slip brings is blanked, too; what sounds like it and opens
// nothing is listed.
#pragma once

#include <string_view>

namespace server::logs {

// Whether `token`, `secret`, `hash`, `password`, `code` or `key` is in it, or it is one of the
// gateway's own secret names with a typing error ("pasword", "auth_kye"). Blind to case and to
// what stands between words. What is too long for a name counts as well.
bool is_secret_name(std::string_view name);

// Whether it is a `hash` and nothing worse. As a number it marks a list that a client has, or goes
// with the id of a peer: neither opens anything without the account's key. As text it lets people
// into chats.
bool is_only_a_hash(std::string_view name);

}  // namespace server::logs
