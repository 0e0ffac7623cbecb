#include "tl/schema_builder.hpp"

#include <algorithm>
#include <cstdio>

#include "tl/nearest_name.hpp"
#include "tl/quotation.hpp"
#include "tl/schema_index.hpp"
#include "tl/type_names.hpp"

namespace tl {
namespace {

constexpr int max_type_depth = 16;

std::string hex8(std::uint32_t id) {
  char text[16];
  std::snprintf(text, sizeof text, "%08x", id);
  return text;
}

// `tonNode.Block` of `tonNode.block`: in TL a name in lower case is the bare type of that name.
std::string in_upper_case(std::string_view name) {
  std::string out(name);
  auto& first = out[out.rfind('.') + 1];
  if (first >= 'a' && first <= 'z') first = static_cast<char>(first - 32);
  return out;
}

}  // namespace

bool SchemaBuilder::add(const SchemaSource& source) {
  const bool first = own_.empty();
  own_.emplace_back(source.file, &scratch_);
  if (first) reserve(source);
  bool failed = false;
  const auto layers = read_schema_text(source, scratch_, [&](const Statement& statement) {
    failed = !take(statement);
    return !failed;
  });
  if (failed) return false;
  if (!layers) return fail(source.file, layers.error().line, layers.error().text);
  for (std::size_t i = 1; i < layers->size(); ++i) {
    const auto& said = layers->front();
    const auto& again = (*layers)[i];
    warn(source.file, again.line,
         "the layer " + std::to_string(again.layer) + " is said here, and " +
             std::to_string(said.layer) + " in line " + std::to_string(said.line) +
             "; the first is taken");
  }
  if (first && !layers->empty()) schema_->layer_ = layers->front().layer;
  if (first) schema_->first_source_ = schema_->combinators_.size();
  return true;
}

// For the first source's, and the few of the service messages: what a file of the API has, or less.
void SchemaBuilder::reserve(const SchemaSource& source) {
  constexpr std::size_t usual = 4096;
  constexpr std::size_t service = 64;
  const auto ends = std::count(source.text.begin(), source.text.end(), ';');
  const auto count = std::min(static_cast<std::size_t>(ends) + service, usual);
  entries_.reserve(count);
  schema_->combinators_.reserve(count);
  constructors_.reserve(count);
  own_.back().constructors.reserve(count);
}

bool SchemaBuilder::take(const Statement& statement) {
  const auto& file = own_.back().file;
  const auto combinator = read_combinator(statement, scratch_);
  if (!combinator) return fail(file, combinator.error().line, combinator.error().text);
  if (combinator->builtin) return true;
  if (combinator->crossed_out) {
    warn(file, combinator->line, quotation(combinator->name) + " begins with #; it is left out");
    return true;
  }
  return enter(*combinator);
}

bool SchemaBuilder::enter(const CombinatorText& text) {
  auto& own = own_.back();
  const auto id = text.id.value_or(text.computed_id);
  if (id != text.computed_id) {
    warn(own.file, text.line,
         quotation(text.name) + " states the id " + hex8(id) + ", but its text gives " +
             hex8(text.computed_id));
  }
  const auto place = static_cast<std::uint32_t>(entries_.size());
  const auto twice = [&] {
    warn(own.file, text.line, quotation(text.name) + " stands twice; the first is taken");
    return true;
  };
  bool shadowed = false;
  if (text.function) {
    if (!own.functions.insert(text.name).second) return twice();
    if (!functions_.insert(text.name).second) return true;
  } else {
    const auto& variables = text.variables;
    if (vector_argument(text.result) ||
        std::find(variables.begin(), variables.end(), text.result) != variables.end()) {
      return fail(own.file, text.line,
                  quotation(text.name) + " can't be of the type " + quotation(text.result));
    }
    const auto type = type_place(text.result);
    if (!own.constructors.emplace(text.name, place).second) return twice();
    if (auto& of_type = own.types[text.result]; of_type.count++ == 0) of_type.first = place;
    shadowed = !constructors_.emplace(text.name, place).second;
    if (!shadowed) type_constructors_[type].push_back(place);
  }
  Combinator combinator;
  combinator.name = text.name;
  combinator.result_name = text.result;
  combinator.id = id;
  combinator.is_function = text.function;
  combinator.shadowed = shadowed;
  schema_->combinators_.push_back(combinator);
  entries_.push_back({text, static_cast<std::uint32_t>(own_.size() - 1)});
  return true;
}

std::uint32_t SchemaBuilder::type_place(std::string_view name) {
  const auto next = static_cast<std::uint32_t>(schema_->types_.size());
  const auto [at, added] = types_.emplace(name, next);
  if (added) {
    schema_->types_.push_back({name, {}});
    type_constructors_.emplace_back();
  }
  return at->second;
}

bool SchemaBuilder::resolve() {
  place_types();
  place_fields();
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto& entry = entries_[i];
    auto& combinator = schema_->combinators_[i];
    if (!resolve_fields(entry, parts_of(combinator).fields)) return false;
    const auto result = combinator.is_function
                            ? resolve_type(entry, entry.text.result, 0)
                            : TypeRef{Kind::boxed, false, type_place(entry.text.result)};
    if (!result) {
      return fail(entry, quotation(entry.text.name) + ": " + problem_.text);
    }
    combinator.result = *result;
    const auto& variables = entry.text.variables;
    combinator.generic =
        std::find(variables.begin(), variables.end(), entry.text.result) != variables.end();
    plan_steps(combinator);
    plan_absent(combinator);
  }
  plan_masks();
  write_names();
  index();
  return true;
}

// Each list that stays is as long as it has to be.
void SchemaBuilder::place_types() {
  auto& types = schema_->types_;
  auto& all = schema_->constructors_;
  std::size_t count = 0;
  for (const auto& each : type_constructors_) count += each.size();
  all.reserve(count);
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto& own = type_constructors_[i];
    types[i].constructors = {all.data() + all.size(), own.size()};
    all.insert(all.end(), own.begin(), own.end());
  }
  types.shrink_to_fit();
}

void SchemaBuilder::place_fields() {
  auto& schema = *schema_;
  std::size_t count = 0;
  for (const auto& entry : entries_) count += entry.text.fields.size();
  schema.fields_.resize(count);
  schema.steps_.resize(count);
  schema.tags_.resize(count);
  std::size_t first = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto size = entries_[i].text.fields.size();
    schema.combinators_[i].fields = {schema.fields_.data() + first, size};
    schema.combinators_[i].steps = {schema.steps_.data() + first, size};
    schema.combinators_[i].tags = {schema.tags_.data() + first, size};
    first += size;
  }
}

SchemaBuilder::Parts SchemaBuilder::parts_of(const Combinator& combinator) {
  auto& schema = *schema_;
  const auto first = static_cast<std::size_t>(combinator.fields.data() - schema.fields_.data());
  const auto size = combinator.fields.size();
  return {std::span(schema.fields_).subspan(first, size),
          std::span(schema.steps_).subspan(first, size),
          std::span(schema.tags_).subspan(first, size)};
}

bool SchemaBuilder::resolve_fields(const Entry& entry, std::span<Field> fields) {
  const auto too_many = [&] {
    return fail(entry, quotation(entry.text.name) + " has too many fields or flags words");
  };
  if (fields.size() > Combinator::max_fields) return too_many();
  for (std::size_t at = 0; at < fields.size(); ++at) {
    const auto& text = entry.text.fields[at];
    for (const auto& other : fields.first(at)) {
      if (other.name == text.name) {
        return fail(own_[entry.source].file, text.line,
                    quotation(entry.text.name) + " has two fields " + quotation(text.name));
      }
    }
    fields[at].name = text.name;
    if (!text.word.empty() && !resolve_condition(entry, text, fields, at)) return false;
    const auto type = resolve_type(entry, text.type, 0);
    if (!type) {
      return fail(
          own_[entry.source].file, text.line,
          quotation(entry.text.name) + ", field " + quotation(text.name) + ": " + problem_.text);
    }
    fields[at].type = *type;
  }
  const auto words = std::count_if(fields.begin(), fields.end(),
                                   [](const Field& field) { return field.is_flags; });
  return static_cast<std::size_t>(words) <= Combinator::max_words || too_many();
}

bool SchemaBuilder::resolve_condition(const Entry& entry, const FieldText& text,
                                      std::span<Field> fields, std::size_t at) {
  for (std::size_t i = 0; i < at; ++i) {
    auto& word = fields[i];
    // Some files say `flags:int`; it is the same four bytes.
    const bool fits = word.type.kind == Kind::nat || word.type.kind == Kind::int32;
    if (word.name != text.word || !fits) continue;
    fields[at].flags_field = static_cast<std::int16_t>(i);
    fields[at].bit = text.bit;
    word.type.kind = Kind::nat;
    word.is_flags = true;
    return true;
  }
  return fail(own_[entry.source].file, text.line,
              quotation(entry.text.name) + ", field " + quotation(text.name) + ": no field " +
                  quotation(std::string(text.word) + ":#") + " stands before it");
}

std::optional<TypeRef> SchemaBuilder::resolve_type(const Entry& entry, std::string_view name,
                                                   int depth) {
  if (const auto plain = plain_type(name)) return plain;
  if (depth > max_type_depth) {
    problem_.text = "a type nested too deep";
    return std::nullopt;
  }
  if (const auto inner = vector_argument(name)) {
    const auto item = resolve_type(entry, inner->item, depth + 1);
    if (!item) return std::nullopt;
    return TypeRef{Kind::vector, inner->bare, element_place(*item)};
  }
  const auto bare_name = name.starts_with('!') ? name.substr(1) : name;
  const auto& variables = entry.text.variables;
  if (std::find(variables.begin(), variables.end(), bare_name) != variables.end()) {
    return TypeRef{Kind::any, false, 0};
  }
  if (const auto type = types_.find(name); type != types_.end()) {
    return TypeRef{Kind::boxed, false, type->second};
  }
  return resolve_bare(entry, name);
}

std::uint32_t SchemaBuilder::element_place(TypeRef item) {
  const auto key = std::uint64_t{item.index} << 32 | static_cast<std::uint64_t>(item.kind) << 1 |
                   static_cast<std::uint64_t>(item.bare_vector);
  const auto next = static_cast<std::uint32_t>(schema_->elements_.size());
  const auto [at, added] = elements_.emplace(key, next);
  if (added) schema_->elements_.push_back(item);
  return at->second;
}

std::optional<TypeRef> SchemaBuilder::resolve_bare(const Entry& entry, std::string_view name) {
  const auto key = name.starts_with('%') ? name.substr(1) : name;
  const auto& own = own_[entry.source];
  if (const auto found = own.constructors.find(key); found != own.constructors.end()) {
    return TypeRef{Kind::bare, false, found->second};
  }
  if (const auto found = constructors_.find(key); found != constructors_.end()) {
    return TypeRef{Kind::bare, false, found->second};
  }
  if (const auto found = own.types.find(key);
      found != own.types.end() && found->second.count == 1) {
    return TypeRef{Kind::bare, false, found->second.first};
  }
  if (const auto type = types_.find(key); type != types_.end()) {
    const auto& constructors = schema_->types_[type->second].constructors;
    if (constructors.size() == 1) return TypeRef{Kind::bare, false, constructors.front()};
    problem_.text = quotation(name) + " needs a type of exactly one constructor";
    return std::nullopt;
  }
  if (const auto number = number_alias(key)) return number;
  if (const auto upper = in_upper_case(key); upper != key && types_.contains(upper)) {
    return resolve_bare(entry, upper);
  }
  NearestName nearest(key);
  for (const auto& type : schema_->types_) nearest.offer(type.name);
  problem_.text = "the type " + quotation(name) + " is defined nowhere" + nearest.hint();
  return std::nullopt;
}

std::shared_ptr<const Schema> SchemaBuilder::take() { return std::move(schema_); }

bool SchemaBuilder::fail(std::string_view file, std::size_t line, std::string text) {
  problem_ = {std::string(file), line, std::move(text)};
  return false;
}

void SchemaBuilder::warn(std::string_view file, std::size_t line, std::string text) {
  if (warnings_ != nullptr) warnings_->push_back({std::string(file), line, std::move(text)});
}

Result<std::shared_ptr<const Schema>, SchemaProblem> Schema::parse(
    std::span<const SchemaSource> sources, std::vector<SchemaProblem>* warnings) {
  SchemaBuilder builder(warnings);
  for (const auto& source : sources) {
    if (!builder.add(source)) return builder.problem();
  }
  if (!builder.resolve()) return builder.problem();
  return builder.take();
}

}  // namespace tl
