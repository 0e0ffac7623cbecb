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

void fill_masks(const Combinator& combinator, std::span<std::uint64_t> masks) {
  for (std::size_t i = 0; i < combinator.fields.size(); ++i) {
    const auto& field = combinator.fields[i];
    std::size_t set = 0;
    if (field.conditional()) {
      const auto& flags = combinator.steps[static_cast<std::size_t>(field.flags_field)];
      set = flags.index + std::size_t{field.bit} * combinator.blocks;
    }
    masks[set + i / 64] |= std::uint64_t{1} << i % 64;
  }
}

}  // namespace

constexpr std::string_view head_before = "{\"_cons\":\"";
constexpr std::string_view head_behind = "\"";
constexpr std::string_view key_before = ",\"";
constexpr std::string_view key_behind = "\":";

void SchemaBuilder::plan_absent(Combinator& combinator) {
  const bool reads = only_reads(combinator);
  for (auto& field : parts_of(combinator).fields) {
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
    } else if (reads && (is_number(kind) || kind == Kind::string) &&
               std::find(zero_when_reading.begin(), zero_when_reading.end(), field.name) !=
                   zero_when_reading.end()) {
      field.absent = Absent::zero;
    }
  }
}

void SchemaBuilder::plan_steps(Combinator& combinator) {
  const auto [fields, steps, tags] = parts_of(combinator);
  combinator.blocks = static_cast<std::uint32_t>((fields.size() + 63) / 64);
  std::uint8_t words = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto& field = fields[i];
    tags[i] = name_tag(field.name);
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
}

// First where each set begins, then what is in it.
void SchemaBuilder::plan_masks() {
  auto& all = schema_->masks_;
  std::pmr::vector<std::size_t> sizes(&scratch_);
  std::size_t total = 0;
  for (const auto& combinator : schema_->combinators_) {
    const std::size_t blocks = combinator.blocks;
    const auto steps = parts_of(combinator).steps;
    auto size = blocks;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (!combinator.fields[i].is_flags) continue;
      steps[i].index = static_cast<std::uint32_t>(size);
      size += steps[i].more * blocks;
    }
    sizes.push_back(size);
    total += size;
  }
  all.assign(total, 0);
  std::span<std::uint64_t> left(all);
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    auto& combinator = schema_->combinators_[i];
    combinator.masks = left.first(sizes[i]);
    fill_masks(combinator, left.first(sizes[i]));
    left = left.subspan(sizes[i]);
  }
}

void SchemaBuilder::write_names() {
  auto& schema = *schema_;
  ByName<Piece> keys(&scratch_);
  ByName<std::string_view> results(&scratch_);
  for (auto& type : schema.types_) {
    const auto kept = schema.names_.add(type.name);
    results.emplace(type.name, kept);
    type.name = kept;
  }
  for (auto& combinator : schema.combinators_) {
    const auto size = combinator.name.size();
    combinator.head = schema.names_.add(head_before, combinator.name, head_behind);
    combinator.name = {combinator.head.data + head_before.size(), size};
    auto& result = results[combinator.result_name];
    if (result.empty()) result = schema.names_.add(combinator.result_name);
    combinator.result_name = result;
    const auto [fields, steps, tags] = parts_of(combinator);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      auto& key = keys[fields[i].name];
      if (key.size == 0) key = schema.names_.add(key_before, fields[i].name, key_behind);
      fields[i].name = {key.data + key_before.size(), fields[i].name.size()};
      if (fields[i].is_flags) continue;
      steps[i].key_data = key.data;
      steps[i].key_size = static_cast<std::uint16_t>(key.size);
    }
  }
}

void SchemaBuilder::index() {
  auto names = std::make_shared<Schema::Index>();
  const auto& all = schema_->combinators_;
  const auto functions = static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const auto& each) { return each.is_function; }));
  names->functions.reserve(functions);
  schema_->function_ids_.reserve(functions);
  names->constructors.reserve(all.size() - functions);
  schema_->constructor_ids_.reserve(all.size() - functions);
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
  schema_->index_ = std::move(names);
}

}  // namespace tl
