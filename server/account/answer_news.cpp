#include "server/account/answer_news.hpp"

#include <algorithm>
#include <memory_resource>
#include <unordered_set>

#include "tl/codec.hpp"

namespace server::account {
namespace {

bool has_field(const tl::Combinator& combinator, std::string_view name) {
  return std::ranges::any_of(combinator.fields,
                             [&](const auto& field) { return field.name == name; });
}

bool is_counted(const tl::Combinator& combinator) {
  return combinator.result_name != "Update" && combinator.result_name != "Updates" &&
         has_field(combinator, "pts") && has_field(combinator, "pts_count");
}

bool is_news(const tl::Combinator& combinator) {
  const auto& type = combinator.result_name;
  return type == "Updates" || type == "Chat" || type == "Dialog" || is_counted(combinator);
}

// The constructors of a scheme that a value may be made of, each looked at once.
class Reach {
 public:
  explicit Reach(const tl::Schema& schema) : schema_(schema) {}

  void add(tl::TypeRef type) {
    while (type.kind == tl::Kind::vector) type = schema_.element(type.index);
    if (type.kind == tl::Kind::bare) add_constructor(type.index);
    if (type.kind != tl::Kind::boxed || !types_.insert(type.index).second) return;
    for (const auto place : schema_.type(type.index).constructors) add_constructor(place);
  }
  const tl::Combinator* next() {
    if (waiting_.empty()) return nullptr;
    const auto place = waiting_.back();
    waiting_.pop_back();
    return &schema_.combinator(place);
  }

 private:
  void add_constructor(std::uint32_t place) {
    if (constructors_.insert(place).second) waiting_.push_back(place);
  }

  const tl::Schema& schema_;
  std::unordered_set<std::uint32_t> types_, constructors_;
  std::vector<std::uint32_t> waiting_;
};

void look(const tl::Schema& schema, const tl::Value& value, AnswerNews& out) {
  for (const auto& item : value.items()) look(schema, item, out);
  if (!value.is_object()) return;
  if (const auto* combinator = schema.constructor_by_name(value.constructor())) {
    const auto& type = combinator->result_name;
    if (type == "Updates") out.updates.push_back(value);
    if (type == "Chat") return out.chats.push_back(value);
    if (type == "Dialog") out.dialogs.push_back(value);
    if (is_counted(*combinator)) out.counted.push_back(value);
  }
  for (const auto& member : value.members()) look(schema, member.value, out);
}

}  // namespace

bool may_hold_news(const tl::Schema& schema, tl::TypeRef type) {
  Reach reach(schema);
  reach.add(type);
  while (const auto* combinator = reach.next()) {
    if (is_news(*combinator)) return true;
    for (const auto& field : combinator->fields) reach.add(field.type);
  }
  return false;
}

AnswerNews find_news(const tl::Schema& schema, const tl::Value& answer) {
  AnswerNews out;
  look(schema, answer, out);
  return out;
}

bool counts_for_request(const tl::Combinator& answer) {
  return answer.result_name != "Update" && has_field(answer, "pts") &&
         has_field(answer, "pts_count");
}

std::int64_t channel_asked(const tl::Schema& schema, tl::ByteView query) {
  std::pmr::monotonic_buffer_resource arena;
  const auto whole = tl::decode_value(schema, tl::any_object, query, arena, true);
  if (!whole) return 0;
  auto inner = *whole;
  while (inner["query"].is_object()) inner = inner["query"];
  const auto* function = schema.function_by_name(inner.constructor());
  if (function != nullptr && has_field(*function, "parent_peer")) {
    return inner["parent_peer"]["channel_id"].as_int64().value_or(0);
  }
  const auto& channel = inner["channel"];
  const auto& peer = channel.is_null() ? inner["peer"] : channel;
  return peer["channel_id"].as_int64().value_or(0);
}

}  // namespace server::account
