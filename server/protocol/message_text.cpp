#include "server/protocol/message_text.hpp"

#include <array>
#include <memory>
#include <new>
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

// Goes through an object member by member.
class PlainReader {
 public:
  PlainReader(std::string_view text, tl::Arena& arena) : scan_(text), arena_(arena) {}

  std::optional<PlainRequest> read() {
    const auto* at = scan_.take('{', scan_.skip_blank(scan_.begin()));
    while (at != nullptr) {
      at = member(scan_.skip_blank(at));
      if (at == nullptr) break;
      at = scan_.skip_blank(at);
      if (scan_.peek(at) == '}') return end(scan_.skip_blank(at + 1));
      at = scan_.take(',', at);
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t most_members = 16;  // there are fewer attributes

  const char* member(const char* at) {
    if (count_ == most_members) return nullptr;
    auto& to = members_[count_++];
    at = scan_.plain_string(at, to.key);
    if (at != nullptr) at = scan_.take(':', scan_.skip_blank(at));
    if (at == nullptr) return nullptr;
    at = scan_.skip_blank(at);
    return to.key == "message" ? message(at) : value(at, to.value);
  }

  const char* message(const char* at) {
    if (!message_.text.empty()) return nullptr;
    const auto* const end = skip_message(scan_, at);
    if (end == nullptr) return nullptr;
    message_.text = {at, static_cast<std::size_t>(end - at)};
    message_.message = count_ - 1;
    members_[count_ - 1].value = tl::Value::object({});
    return end;
  }

  // Plain ones here; what is written in another way, or holds others, by the reader of all.
  const char* value(const char* at, tl::Value& to) {
    std::string_view text;
    if (const auto* end = scan_.plain_string(at, text)) {
      to = tl::Value::string(text);
      return end;
    }
    std::int64_t number = 0;
    if (const auto* end = scan_.integer(at, number); end != nullptr && number != 0 && ends(end)) {
      to = tl::Value::integer(number);
      return end;
    }
    const auto* const end = scan_.value(at, max_depth);
    if (end == nullptr) return nullptr;
    const auto read = tl::read_json({at, static_cast<std::size_t>(end - at)}, arena_);
    if (!read) return nullptr;
    to = *read;
    return end;
  }

  // Nothing stands behind an integer that makes it another number.
  bool ends(const char* at) const {
    at = scan_.skip_blank(at);
    return scan_.peek(at) == ',' || scan_.peek(at) == '}';
  }

  std::optional<PlainRequest> end(const char* at) {
    const auto size = static_cast<std::size_t>(scan_.end() - scan_.begin());
    if (at != scan_.end() || message_.text.empty() || !tl::is_utf8({scan_.begin(), size})) {
      return std::nullopt;
    }
    auto* const to =
        static_cast<tl::Member*>(arena_.allocate(count_ * sizeof(tl::Member), alignof(tl::Member)));
    std::uninitialized_copy_n(members_.begin(), count_, to);
    message_.members = {to, count_};
    return message_;
  }

  const tl::JsonScanner scan_;
  tl::Arena& arena_;
  PlainRequest message_;
  std::size_t count_ = 0;
  std::array<tl::Member, most_members> members_;
};

}  // namespace

std::optional<PlainRequest> read_plain(std::string_view object, tl::Arena& arena) {
  try {
    return PlainReader(object, arena).read();
  } catch (const std::bad_alloc&) {  // a memory_resource has no other way to refuse
    return std::nullopt;
  }
}

std::string_view message_name(const tl::Value& message) {
  if (!is_unread(message)) return message.constructor();
  std::string_view name;
  const tl::JsonScanner scan(message.text());
  return head(scan, scan.begin(), name) != nullptr ? name : std::string_view();
}

void read_message(Incoming& object) {
  const auto message = object.value["message"];
  if (!is_unread(message)) return;
  auto& arena = object.arena->memory();
  const auto read = tl::read_json(message.text(), arena).value_or(tl::Value::object({}));
  std::vector<tl::Member> members(object.value.members().begin(), object.value.members().end());
  for (auto& member : members) {
    if (member.key == "message") member.value = read;
  }
  object.value = tl::Builder(arena).object(members);
  if (object.request && object.request->message) object.request->message = read;
}

}  // namespace server
