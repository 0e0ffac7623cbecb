// What the codec wants to know of each field ahead of time, and the tables for look-up.
#include <algorithm>
#include <array>
#include <string_view>

#include "tl/name_tag.hpp"
#include "tl/schema_builder.hpp"
#include "tl/schema_index.hpp"

namespace tl {
namespace {

constexpr std::array<std::string_view, 8> zero_when_reading{
    "hash", "offset", "offset_id", "offset_date", "add_offset", "limit", "min_id", "max_id"};

bool only_reads(const Combinator& combinator) {
  const std::string_view name = combinator.name;
  const auto last = name.substr(name.rfind('.') + 1);
  return combinator.is_function && (last.starts_with("get") || last.starts_with("search"));
}

bool is_number(Kind kind) { return kind == Kind::int32 || kind == Kind::int64; }

}  // namespace

constexpr std::string_view head_before = "{\"_cons\":\"";
constexpr std::string_view head_behind = "\"";
constexpr std::string_view key_before = ",\"";
constexpr std::string_view key_behind = "\":";

void SchemaBuilder::plan(Combinator& combinator) {
  plan_steps(combinator);
  for (auto& field : combinator.fields) {
    if (field.conditional() || field.is_flags) continue;
    const auto kind = field.type.kind;
    if (field.name == "random_id") {
      const bool one = is_number(kind);
      const bool many =
          kind == Kind::vector && schema_->elements_[field.type.index].kind == Kind::int64 &&
          std::any_of(combinator.fields.begin(), combinator.fields.end(), [](const Field& other) {
            return other.name == "id" && other.type.kind == Kind::vector;
          });
      if (one || many) field.absent = Absent::random;
    } else if (field.name == "settings" && kind == Kind::boxed &&
               schema_->types_[field.type.index].name == "CodeSettings") {
      field.absent = Absent::settings;
    } else if (combinator.name == "initConnection" && kind == Kind::string) {
      field.absent = Absent::zero;
    } else if (only_reads(combinator) && (is_number(kind) || kind == Kind::string) &&
               std::find(zero_when_reading.begin(), zero_when_reading.end(), field.name) !=
                   zero_when_reading.end()) {
      field.absent = Absent::zero;
    }
  }
}

void SchemaBuilder::plan_steps(Combinator& combinator) {
  auto& fields = combinator.fields;
  auto& steps = combinator.steps;
  const std::size_t blocks = (fields.size() + 63) / 64;
  combinator.blocks = static_cast<std::uint32_t>(blocks);
  steps.resize(fields.size());
  combinator.tags.reserve(fields.size());
  std::uint8_t words = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto& field = fields[i];
    combinator.tags.push_back(name_tag(field.name));
    if (field.is_flags) {
      field.word = ++words;
    } else {
      steps[i].kind = field.type.kind;
      steps[i].index = field.type.index;
      steps[i].more = field.type.bare_vector ? 1 : 0;
    }
    if (!field.conditional()) continue;
    const auto flags = static_cast<std::size_t>(field.flags_field);
    field.gate = fields[flags].word;
    if (field.is_flags) combinator.nested_flags = true;
    steps[flags].more = std::max<std::uint8_t>(steps[flags].more, field.bit + 1);
  }
  plan_masks(combinator);
}

void SchemaBuilder::plan_masks(Combinator& combinator) {
  const auto& fields = combinator.fields;
  auto& steps = combinator.steps;
  const std::size_t blocks = combinator.blocks;
  auto size = blocks;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!fields[i].is_flags) continue;
    steps[i].index = static_cast<std::uint32_t>(size);
    size += steps[i].more * blocks;
  }
  combinator.masks.assign(size, 0);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& field = fields[i];
    std::size_t set = 0;
    if (field.conditional()) {
      set = steps[static_cast<std::size_t>(field.flags_field)].index + field.bit * blocks;
    }
    combinator.masks[set + i / 64] |= std::uint64_t{1} << i % 64;
  }
}

// Into one string, which is made as long as it will be before anything points into it.
void SchemaBuilder::write_pieces() {
  auto& all = schema_->combinators_;
  std::size_t size = Piece::room;
  for (const auto& combinator : all) {
    size += head_before.size() + combinator.name.size() + head_behind.size();
    for (const auto& field : combinator.fields) {
      size += key_before.size() + field.name.size() + key_behind.size();
    }
  }
  auto text = std::make_shared<std::string>();
  text->reserve(size);
  const auto piece = [&](std::string_view before, std::string_view name, std::string_view behind) {
    const auto start = text->size();
    text->append(before).append(name).append(behind);
    return Piece{text->data() + start, text->size() - start};
  };
  for (auto& combinator : all) {
    combinator.head = piece(head_before, combinator.name, head_behind);
    for (std::size_t i = 0; i < combinator.fields.size(); ++i) {
      auto& field = combinator.fields[i];
      const auto key = piece(key_before, field.name, key_behind);
      field.name = {key.data + key_before.size(), field.name.size()};
      if (field.is_flags) continue;
      combinator.steps[i].key_data = key.data;
      combinator.steps[i].key_size = static_cast<std::uint16_t>(key.size);
    }
  }
  text->resize(size);
  schema_->pieces_ = std::move(text);
}

void SchemaBuilder::index() {
  auto names = std::make_shared<Schema::Names>();
  const auto& all = schema_->combinators_;
  for (auto* table : {&names->constructors, &names->functions}) table->reserve(all.size());
  for (auto* table : {&schema_->constructor_ids_, &schema_->function_ids_}) {
    table->reserve(all.size());
  }
  // Whose id several have is read as the first of them; one that holds a query goes before
  // TDLib's `…Prefix`, which does not.
  for (const bool generic : {true, false}) {
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      if (all[i].shadowed || all[i].generic != generic) continue;
      const bool function = all[i].is_function;
      (function ? schema_->function_ids_ : schema_->constructor_ids_).add(all[i].id, i);
      (function ? names->functions : names->constructors).add(hash_of(all[i].name), i);
    }
  }
  names->types.reserve(schema_->types_.size());
  for (std::uint32_t i = 0; i < schema_->types_.size(); ++i) {
    names->types.add(hash_of(schema_->types_[i].name), i);
  }
  schema_->names_ = std::move(names);
}

}  // namespace tl
