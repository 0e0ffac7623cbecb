// What the codec wants to know of each field ahead of time, and the tables for look-up.
#include <algorithm>
#include <array>
#include <string_view>

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

void SchemaBuilder::plan(Combinator& combinator) {
  combinator.head = "{\"_cons\":\"" + combinator.name + "\"";
  std::uint8_t words = 0;
  for (auto& field : combinator.fields) {
    field.key = ",\"" + field.name + "\":";
    auto& gate = combinator.gates.emplace_back();
    if (field.conditional()) gate = {1U << field.bit, combinator.fields[field.flags_field].word};
    if (field.is_flags) field.word = ++words;
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

void SchemaBuilder::index() {
  auto index = std::make_shared<Schema::Index>();
  const auto& all = schema_->combinators_;
  for (auto* table : {&index->constructor_ids, &index->function_ids, &index->constructor_names,
                      &index->function_names}) {
    table->reserve(all.size());
  }
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (all[i].shadowed) continue;
    const bool function = all[i].is_function;
    (function ? index->function_ids : index->constructor_ids).add(hash_of(all[i].id), i);
    (function ? index->function_names : index->constructor_names).add(hash_of(all[i].name), i);
  }
  index->type_names.reserve(schema_->types_.size());
  for (std::uint32_t i = 0; i < schema_->types_.size(); ++i) {
    index->type_names.add(hash_of(schema_->types_[i].name), i);
  }
  schema_->index_ = std::move(index);
}

}  // namespace tl
