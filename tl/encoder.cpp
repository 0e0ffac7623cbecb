#include "tl/encoder.hpp"

#include <algorithm>
#include <bit>

#include "tl/decoder.hpp"
#include "tl/field_walk.hpp"
#include "tl/name_tag.hpp"
#include "tl/reader.hpp"

namespace tl {
namespace {

// No name of a scheme begins like one of them.
bool is_constructor_key(std::string_view key) {
  if (key.empty() || (key.front() != '_' && key.front() != '@')) return false;
  return key == "_cons" || key == "_" || key == "@type";
}

}  // namespace

const Member* constructor_member(const Value& value) {
  const auto members = value.members();
  for (auto member = members.rbegin(); member != members.rend(); ++member) {
    if (is_constructor_key(member->key)) return member->value.is_null() ? nullptr : &*member;
  }
  return nullptr;
}

const Value* vector_items(const Value& value) {
  const auto items_of = [](const Value& items) -> const Value* {
    static const auto none = Value::array({});
    if (items.is_array()) return &items;
    return items.is_object() && items.members().empty() ? &none : nullptr;
  };
  if (const auto* items = items_of(value)) return items;
  const auto* name = constructor_member(value);
  if (name == nullptr || !name->value.is_string() || name->value.text() != "vector") {
    return nullptr;
  }
  const auto* items = value.find("_items");
  return items != nullptr ? items_of(*items) : nullptr;
}

bool Encoder::whole(const Value& value) { return any(Wanted::anything, value, Place{}); }

bool Encoder::value(TypeRef due, const Value& value, const Place& place) {
  switch (due.kind) {
    case Kind::nat:
      return nat(value, place);
    case Kind::int32:
      return int32(value, place);
    case Kind::int64:
      return int64(value, place);
    case Kind::float64:
      return float64(value, place);
    case Kind::string:
      return text(value, place);
    case Kind::bytes:
      return base64(value, place, "bytes", 0);
    case Kind::int128:
      return base64(value, place, "int128", 16);
    case Kind::int256:
      return base64(value, place, "int256", 32);
    case Kind::boolean:
      return boolean(value, place);
    case Kind::true_bit: {
      bool set = false;
      return true_bit(value, place, set);
    }
    case Kind::vector:
      return vector(due, value, place);
    case Kind::boxed:
      return boxed(due, value, place);
    case Kind::bare:
      return bare(schema_.combinator(due.index), value, place);
    case Kind::any:
      return any(Wanted::object, value, place);
  }
  return false;
}

const Member* Encoder::name_of(const Value& value, TypeRef due, Wanted wanted, const Place& place) {
  if (!value.is_object()) {
    expected(due_name(due, wanted), value, place);
    return nullptr;
  }
  const auto* name = constructor_member(value);
  if (name == nullptr) {
    wrong_scheme(Place(place, "_cons"), "`_cons` is missing; " + due_name(due, wanted) + " is due");
  } else if (!name->value.is_string()) {
    expected("the name of a constructor", name->value, Place(place, name->key));
    return nullptr;
  }
  return name;
}

bool Encoder::boxed(TypeRef due, const Value& value, const Place& place) {
  if (value.is_string() && is_peer(due)) return peer(due, value, place);
  const auto* name = name_of(value, due, Wanted::type, place);
  if (name == nullptr) return false;
  const auto* combinator = schema_.constructor_by_name(name->value.text());
  if (combinator == nullptr || combinator->result != due) {
    return unknown_name(name->value.text(), due, Wanted::type, Place(place, name->key));
  }
  writer_.nat(combinator->id);
  return fields(*combinator, value, place);
}

bool Encoder::any(Wanted wanted, const Value& value, const Place& place) {
  if (value.kind() == Value::Kind::boolean && wanted != Wanted::function) {
    writer_.boolean(value.as_bool());
    return true;
  }
  const TypeRef due{Kind::any, false, 0};
  const auto* name = name_of(value, due, wanted, place);
  if (name == nullptr) return false;
  const auto text = name->value.text();
  const Combinator* combinator = schema_.function_by_name(text);
  if (combinator == nullptr && wanted != Wanted::function) {
    combinator = schema_.constructor_by_name(text);
    if (combinator == nullptr && (text == "boolTrue" || text == "boolFalse")) {
      return boolean(value, place);
    }
  }
  if (combinator == nullptr) return unknown_name(text, due, wanted, Place(place, name->key));
  if (wanted != Wanted::object) {
    if (encoding_.combinator == nullptr) encoding_.combinator = combinator;
    encoding_.innermost = combinator;
    encoding_.result = combinator->result;
  }
  writer_.nat(combinator->id);
  return fields(*combinator, value, place);
}

bool Encoder::bare(const Combinator& combinator, const Value& value, const Place& place) {
  const bool empty = value.is_array() && value.items().empty();
  if (!value.is_object() && !empty) return expected(combinator.name, value, place);
  const auto* name = constructor_member(value);
  if (name != nullptr && (!name->value.is_string() || name->value.text() != combinator.name)) {
    return wrong_scheme(Place(place, name->key), std::string(combinator.name) + " is due");
  }
  return fields(combinator, value, place);
}

bool Encoder::vector(TypeRef due, const Value& value, const Place& place) {
  const auto* array = vector_items(value);
  if (array == nullptr) return expected(schema_.describe(due), value, place);
  if (place.depth >= max_tl_depth) return wrong_type(place, "nested too deep");
  const auto items = array->items();
  const auto count = static_cast<std::uint32_t>(items.size());
  due.bare_vector ? writer_.nat(count) : writer_.vector(count);
  const auto item = schema_.element(due.index);
  const Place inner(place, "_items");
  const auto& above = array == &value ? place : inner;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (out_.size() > options_.longest) return too_long(place);
    if (!this->value(item, items[i], Place(above, i))) return false;
  }
  return true;
}

bool Encoder::fields(const Combinator& combinator, const Value& value, const Place& place) {
  if (place.depth >= max_tl_depth) return wrong_type(place, "nested too deep");
  if (out_.size() > options_.longest) return too_long(place);
  const auto base = slots_.size();
  slots_.resize(base + combinator.fields.size(), nullptr);
  FieldSet given;
  std::fill_n(given.begin(), combinator.blocks, 0);
  Words words{};
  const bool done = match(combinator, value, place, base, given) &&
                    count_flags(combinator, place, base, given, words) &&
                    write(combinator, place, base, words);
  slots_.resize(base);
  return done;
}

// Members mostly stand in the order of the fields, so each is looked for behind the one before.
bool Encoder::match(const Combinator& combinator, const Value& value, const Place& place,
                    std::size_t base, FieldSet& given) {
  const auto& all = combinator.fields;
  std::size_t next = 0;
  // Most members are told apart by their tags alone.
  const auto look = [&](std::string_view name) {
    const auto tag = name_tag(name);
    const auto* tags = combinator.tags.data();
    const auto fits = [&](std::size_t at) { return tags[at] == tag && all[at].name == name; };
    for (auto at = next; at < all.size(); ++at) {
      if (fits(at)) return at;
    }
    for (std::size_t at = 0; at < next; ++at) {
      if (fits(at)) return at;
    }
    return all.size();
  };
  const auto query = [&] {
    const auto fits = [](const Field& field) { return field.type.kind == Kind::any; };
    return static_cast<std::size_t>(std::find_if(all.begin(), all.end(), fits) - all.begin());
  };
  for (const auto& member : value.members()) {
    if (is_constructor_key(member.key)) continue;
    auto at = look(member.key);
    if (at == all.size()) {
      if (combinator.generic && member.key == "_wrapped") {
        at = query();
      } else if (place.up == nullptr && member.key == "_seqno") {
        continue;
      }
    }
    if (at != all.size() && !all[at].is_flags) {
      slots_[base + at] = member.value.is_null() ? nullptr : &member;
      given[at / 64] |= std::uint64_t{1} << at % 64;
      next = at + 1;
    } else if (!member.value.is_null()) {
      const Place there(place, member.key);
      if (at != all.size()) {
        return wrong_scheme(there,
                            "`" + std::string(all[at].name) + "` is computed from what is present");
      }
      if (!options_.ignore_unknown) return unknown_field(combinator, member.key, there);
      if (encoding_.ignored.size() < Encoding::max_ignored) {
        encoding_.ignored.push_back(there.pointer());
      } else {
        ++encoding_.ignored_more;
      }
    }
  }
  return true;
}

bool Encoder::count_flags(const Combinator& combinator, const Place& place, std::size_t base,
                          FieldSet& given, Words& words) {
  const auto& all = combinator.fields;
  for (std::size_t block = 0; block < combinator.blocks; ++block) {
    for (auto left = given[block]; left != 0; left &= left - 1) {
      const auto i = block * 64 + static_cast<std::size_t>(std::countr_zero(left));
      const auto& field = all[i];
      const auto* member = slots_[base + i];
      if (field.gate == 0 || member == nullptr) continue;
      bool set = true;
      if (field.type.kind == Kind::true_bit &&
          !true_bit(member->value, Place(place, member->key), set)) {
        return false;
      }
      if (set) words[field.gate] |= 1U << field.bit;
    }
  }
  if (!combinator.nested_flags) return true;
  // From the back, because a flags word may itself hang on an earlier one.
  for (auto field = all.rbegin(); field != all.rend(); ++field) {
    if (field->is_flags && field->gate != 0 && words[field->word] != 0) {
      words[field->gate] |= 1U << field->bit;
    }
  }
  return true;
}

bool Encoder::write(const Combinator& combinator, const Place& place, std::size_t base,
                    const Words& words) {
  const auto* const first = combinator.steps.data();
  const bool query = combinator.generic && combinator.is_function;
  const bool layered = query && combinator.name == "invokeWithLayer";
  FieldWalk::Later later;
  FieldWalk walk(combinator, combinator.blocks > 1 ? &later : nullptr);
  while (walk.more()) {
    const auto* step = walk.next();
    const auto at = static_cast<std::size_t>(step - first);
    const auto& field = combinator.fields[at];
    if (field.is_flags) {
      writer_.nat(words[field.word]);
      walk.grant(*step, words[field.word]);
      continue;
    }
    const auto* member = slots_[base + at];
    if (field.type.kind == Kind::true_bit) {
      if (member != nullptr && member->value.kind() == Value::Kind::boolean &&
          !member->value.as_bool()) {
        return wrong_type(Place(place, member->key),
                          "false, but another field of the same flag is given");
      }
      continue;
    }
    if (layered && field.name == "layer" && !encoding_.layer_at) encoding_.layer_at = out_.size();
    if (member == nullptr) {
      if (!absent(combinator, field, Place(place, field.name), base)) return false;
      continue;
    }
    const Place there(place, member->key);
    const bool done = query && field.type.kind == Kind::any
                          ? any(Wanted::function, member->value, there)
                          : value(field.type, member->value, there);
    if (!done) return false;
  }
  return true;
}

}  // namespace tl
