#include "server/sandbox/layers.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <memory_resource>
#include <utility>

namespace server::sandbox {

using tl::Kind;
using tl::Value;

LayerBook::LayerBook(std::vector<Layer> layers, Shelf shelf)
    : layers_(std::move(layers)), shelf_(std::move(shelf)) {
  std::erase_if(shelf_.numbers, [&](int number) {
    return std::any_of(layers_.begin(), layers_.end(),
                       [&](const Layer& layer) { return layer.number == number; });
  });
}

Layer LayerBook::pick(std::int32_t number) {
  const auto farness = [&](int other) {
    const auto step = std::int64_t{number} - other;
    return std::pair(step < 0, std::abs(step));
  };
  for (;;) {
    const auto loaded = *std::min_element(
        layers_.begin(), layers_.end(),
        [&](const Layer& a, const Layer& b) { return farness(a.number) < farness(b.number); });
    const auto at = std::min_element(shelf_.numbers.begin(), shelf_.numbers.end(),
                                     [&](int a, int b) { return farness(a) < farness(b); });
    if (at == shelf_.numbers.end() || farness(loaded.number) < farness(*at)) return loaded;
    const auto nearest = *at;
    shelf_.numbers.erase(at);
    if (auto schema = shelf_.read(nearest)) layers_.push_back({nearest, std::move(schema)});
  }
}

namespace {

constexpr int deepest = 64;

class Fitting {
 public:
  Fitting(const tl::Schema& schema, const tl::Builder& make) : schema_(schema), make_(make) {}

  std::optional<Value> value(tl::TypeRef due, const Value& value, int depth) const {
    if (depth > deepest) return std::nullopt;
    switch (due.kind) {
      case Kind::nat:
      case Kind::int32: {
        const auto number = value.as_int64();
        if (!number || *number < std::numeric_limits<std::int32_t>::min() ||
            *number > std::numeric_limits<std::int32_t>::max()) {
          return std::nullopt;
        }
        return value;
      }
      case Kind::int64:
        return value.as_int64() ? std::optional(value) : std::nullopt;
      case Kind::float64:
        return value.as_double() ? std::optional(value) : std::nullopt;
      case Kind::string:
        // The texts of polls and the names of folders had no entities up to layer 177 or 195.
        if (value.constructor() == "textWithEntities") return value["text"];
        return value.is_string() ? std::optional(value) : std::nullopt;
      case Kind::bytes:
      case Kind::int128:
      case Kind::int256:
        return value.kind() == Value::Kind::bytes ? std::optional(value) : std::nullopt;
      case Kind::boolean:
      case Kind::true_bit:
        return value.kind() == Value::Kind::boolean ? std::optional(value) : std::nullopt;
      case Kind::vector:
        return vector(due, value, depth);
      case Kind::boxed:
      case Kind::bare:
      case Kind::any:
        return object(due, value, depth);
    }
    return std::nullopt;
  }

 private:
  std::optional<Value> vector(tl::TypeRef due, const Value& list, int depth) const {
    if (!list.is_array()) return std::nullopt;
    const auto item_due = schema_.element(due.index);
    std::pmr::vector<Value> items(&make_.arena());
    items.reserve(list.items().size());
    for (const auto& item : list.items()) {
      if (const auto fitted = value(item_due, item, depth + 1)) items.push_back(*fitted);
    }
    return make_.array(items);
  }

  std::optional<Value> object(tl::TypeRef due, const Value& whole, int depth) const {
    if (!whole.is_object()) return std::nullopt;
    const auto* combinator = due.kind == Kind::bare
                                 ? &schema_.combinator(due.index)
                                 : schema_.constructor_by_name(whole.constructor());
    if (combinator == nullptr || combinator->name != whole.constructor()) return std::nullopt;
    if (due.kind == Kind::boxed && combinator->result != due) return std::nullopt;
    std::pmr::vector<tl::Member> members(&make_.arena());
    members.reserve(combinator->fields.size() + 1);
    members.push_back({"_cons", whole["_cons"]});
    for (const auto& field : combinator->fields) {
      const auto* given = whole.find(field.name);
      if (given != nullptr && given->is_null()) given = nullptr;
      const auto fitted = given != nullptr ? value(field.type, *given, depth + 1) : std::nullopt;
      if (fitted) {
        members.push_back({field.name, *fitted});
      } else if (!field.conditional() && !field.is_flags) {
        const auto made = neutral(field.type);
        if (!made) return std::nullopt;
        members.push_back({field.name, *made});
      }
    }
    return make_.object(members);
  }

  // What an older layer wants and the newest no longer has: nothing of it.
  std::optional<Value> neutral(tl::TypeRef due) const {
    switch (due.kind) {
      case Kind::nat:
      case Kind::int32:
      case Kind::int64:
        return Value::integer(0);
      case Kind::float64:
        return Value::real(0);
      case Kind::string:
        return Value::string("");
      case Kind::bytes:
        return Value::bytes({});
      case Kind::boolean:
        return Value::boolean(false);
      case Kind::vector:
        return make_.array(std::span<const Value>{});
      default:
        return std::nullopt;
    }
  }

  const tl::Schema& schema_;
  const tl::Builder& make_;
};

// Answers whose type changed at the top, not in their fields.
Value adapt(const tl::Schema& schema, tl::TypeRef due, const Value& value) {
  // auth.logOut was Bool before layer 133.
  if (due.kind == Kind::boolean && value.is_object()) return Value::boolean(true);
  // messages.createChat and addChatUser gave the updates alone before layer 176.
  // channels.inviteToChannel, too; and joinChannel up to layer 225 at least.
  if ((value.constructor() == "messages.invitedUsers" ||
       value.constructor() == "messages.chatInviteJoinResultOk") &&
      due.kind == Kind::boxed && schema.type(due.index).name == "Updates") {
    return value["updates"];
  }
  // messages.getDialogFilters gave the folders alone up to layer 174 at least.
  if (value.constructor() == "messages.dialogFilters" && due.kind == Kind::vector) {
    return value["filters"];
  }
  // help.getAppConfig gave the object alone up to layer 152 at least.
  if (value.constructor() == "help.appConfig" && due.kind == Kind::boxed &&
      schema.type(due.index).name == "JSONValue") {
    return value["config"];
  }
  return value;
}

}  // namespace

std::optional<Value> fit(const tl::Schema& schema, tl::TypeRef due, const Value& value,
                         const tl::Builder& make) {
  return Fitting(schema, make).value(due, value, 0);
}

bool write(const tl::Schema& schema, tl::TypeRef due, const Value& value, const tl::Builder& make,
           tl::Bytes& out) {
  const auto adapted = adapt(schema, due, value);
  tl::EncodeOptions options;
  options.ignore_unknown = true;
  if (tl::encode_as(schema, due, adapted, options, out)) return true;
  const auto fitted = fit(schema, due, adapted, make);
  return fitted && tl::encode_as(schema, due, *fitted, options, out).has_value();
}

}  // namespace server::sandbox
