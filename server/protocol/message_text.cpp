#include "server/protocol/message_text.hpp"

#include <algorithm>
#include <vector>

#include "tl/json_reader.hpp"
#include "tl/json_scanner.hpp"
#include "tl/utf8.hpp"

namespace server {
namespace {

// Less than tl::JsonReader allows, by far more than what is around a message.
constexpr int max_depth = 64;

// `{"_cons":"name"`
const char* head(const tl::JsonScanner& scan, const char* at, std::string_view& name) {
  std::string_view key;
  at = scan.take('{', at);
  if (at != nullptr) at = scan.plain_string(scan.skip_blank(at), key);
  if (at == nullptr || key != "_cons") return nullptr;
  at = scan.take(':', scan.skip_blank(at));
  return at != nullptr ? scan.plain_string(scan.skip_blank(at), name) : nullptr;
}

// Behind the message's end.
const char* skip_message(const tl::JsonScanner& scan, const char* at) {
  std::string_view name;
  at = head(scan, at, name);
  while (at != nullptr) {
    at = scan.skip_blank(at);
    if (scan.peek(at) == '}') return at + 1;
    at = scan.take(',', at);
    if (at == nullptr) break;
    std::string_view key;
    at = scan.plain_string(scan.skip_blank(at), key);
    if (at == nullptr || key.starts_with('_') || key.starts_with('@')) break;
    at = scan.take(':', scan.skip_blank(at));
    if (at != nullptr) at = scan.value(scan.skip_blank(at), max_depth);
  }
  return nullptr;
}

// The value, with another in place of its member `message`.
tl::Value with_message(const tl::Value& object, const tl::Value& message, tl::Arena& arena) {
  std::vector<tl::Member> members(object.members().begin(), object.members().end());
  for (auto& member : members) {
    if (member.key == "message") member.value = message;
  }
  return tl::Builder(arena).object(members);
}

}  // namespace

std::optional<std::string_view> find_message(std::string_view object) {
  const tl::JsonScanner scan(object);
  std::optional<std::string_view> message;
  const auto* at = scan.take('{', scan.skip_blank(scan.begin()));
  while (at != nullptr) {
    std::string_view key;
    at = scan.plain_string(scan.skip_blank(at), key);
    if (at != nullptr) at = scan.take(':', scan.skip_blank(at));
    if (at == nullptr) break;
    const auto* const from = scan.skip_blank(at);
    if (key != "message") {
      at = scan.value(from, max_depth);
    } else if (message) {
      break;
    } else {
      at = skip_message(scan, from);
      if (at != nullptr) message = {from, static_cast<std::size_t>(at - from)};
    }
    if (at == nullptr) break;
    at = scan.skip_blank(at);
    if (scan.peek(at) == '}') {
      const bool whole = scan.skip_blank(at + 1) == scan.end();
      return whole && message && tl::is_utf8(*message) ? message : std::nullopt;
    }
    at = scan.take(',', at);
  }
  return std::nullopt;
}

std::string_view message_name(const tl::Value& message) {
  if (!is_unread(message)) return message.constructor();
  std::string_view name;
  const tl::JsonScanner scan(message.text());
  return head(scan, scan.begin(), name) != nullptr ? name : std::string_view();
}

void put_message(std::string_view text, Incoming& object) {
  const auto message = unread_message(text);
  object.value = with_message(object.value, message, object.arena->memory());
  if (object.request && object.request->message) object.request->message = message;
}

void read_message(Incoming& object) {
  const auto message = object.value["message"];
  if (!is_unread(message)) return;
  auto& arena = object.arena->memory();
  const auto read = tl::read_json(message.text(), arena).value_or(tl::Value::object({}));
  object.value = with_message(object.value, read, arena);
  if (object.request && object.request->message) object.request->message = read;
}

}  // namespace server
