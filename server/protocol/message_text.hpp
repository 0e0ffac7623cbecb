// The `message` of a request as text: it was checked to be JSON and not read, since most can be
// encoded straight from their text (tl/encode_quickly.hpp). It is a Value that stands for itself, as
// the text of a number does; one that was read is an object.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/protocol/incoming.hpp"
#include "tl/value.hpp"

namespace server {

// Where in the text of a request its message stands: an object that begins with a `_cons`, in which
// nothing else stands for one, and no `_seqno`. None where the text is no object, or not a plain one.
std::optional<std::string_view> find_message(std::string_view object);

inline tl::Value unread_message(std::string_view text) { return tl::Value::number(text); }
inline bool is_unread(const tl::Value& message) {
  return message.kind() == tl::Value::Kind::number;
}

// The name of a message's constructor, read or not; or "".
std::string_view message_name(const tl::Value& message);

// Puts it back into what was read around it, where `{}` stood in its place.
void put_message(std::string_view text, Incoming&);

// Makes values of a message that was not read, for whoever looks at all of it.
void read_message(Incoming&);

}  // namespace server
