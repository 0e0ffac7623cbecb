// The `message` of a request as text: it was checked to be JSON and not read, since most can be
// encoded straight from their text (tl/encode_quickly.hpp). It is a Value that stands for itself, as
// the text of a number does; one that was read is an object.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "server/protocol/incoming.hpp"
#include "tl/value.hpp"

namespace server {

// A request whose message stays text: the values around it, and `{}` in its place.
struct PlainRequest {
  std::span<tl::Member> members;
  std::size_t message = 0;  // which of them it is
  std::string_view text;    // of it
  tl::Value value() const { return tl::Value::object(members); }
};

// Of the text of an object, which the values view. Its message is an object that begins with a
// `_cons`, in which nothing else stands for one, and no `_seqno`. None where it is not so plain, or
// no JSON, or where there is no memory: then it is to be read as a whole.
std::optional<PlainRequest> read_plain(std::string_view object, tl::Arena& arena);

inline tl::Value unread_message(std::string_view text) { return tl::Value::number(text); }
inline bool is_unread(const tl::Value& message) {
  return message.kind() == tl::Value::Kind::number;
}

// The name of a message's constructor, read or not; or "".
std::string_view message_name(const tl::Value& message);

// Makes values of a message that was not read, for whoever looks at all of it.
void read_message(Incoming&);

}  // namespace server
