#include "tl/schema_builder.hpp"

#include <algorithm>
#include <cstdio>

#include "tl/crc32.hpp"
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
  auto text = read_schema_text(source);
  if (!text) {
    problem_ = text.error();
    return false;
  }
  if (sources_++ == 0) schema_->layer_ = text->layer();
  for (std::size_t i = 1; i < text->layers.size(); ++i) {
    warn(source.file, text->layers[i].line,
         "the layer " + std::to_string(text->layers[i].layer) + " is said here, and " +
             std::to_string(text->layers[0].layer) + " in line " +
             std::to_string(text->layers[0].line) + "; the first is taken");
  }
  own_.resize(sources_ + 1);
  const auto most = schema_->combinators_.size() + text->statements.size();
  schema_->combinators_.reserve(most);
  entries_.reserve(most);
  Names taken[2];
  for (const auto& statement : text->statements) {
    auto combinator = read_combinator(statement);
    if (!combinator) return fail(source.file, combinator.error().line, combinator.error().text);
    if (combinator->builtin) continue;
    if (combinator->crossed_out) {
      warn(source.file, combinator->line,
           quotation(combinator->name) + " begins with #; it is left out");
      continue;
    }
    if (!enter(source, std::move(*combinator), taken[combinator->function ? 1 : 0])) return false;
  }
  if (sources_ == 1) schema_->first_source_ = schema_->combinators_.size();
  return true;
}

bool SchemaBuilder::enter(const SchemaSource& source, CombinatorText text, Names& taken) {
  const auto computed = crc32(text.normal);
  const auto id = text.id.value_or(computed);
  if (id != computed) {
    warn(source.file, text.line,
         quotation(text.name) + " states the id " + hex8(id) + ", but its text gives " +
             hex8(computed));
  }
  const bool is_function = text.function;
  if (!is_function) {
    const auto& result = text.result;
    const auto vector = vector_argument(result);
    if (vector ||
        std::find(text.variables.begin(), text.variables.end(), result) != text.variables.end()) {
      return fail(source.file, text.line,
                  quotation(text.name) + " can't be of the type " + quotation(result));
    }
    type_place(result);
  }
  const std::size_t kind = is_function ? 1 : 0;
  if (!taken.insert(text.name).second) {
    warn(source.file, text.line, quotation(text.name) + " stands twice; the first is taken");
    return true;
  }
  const bool shadowed = known_[kind].contains(text.name);
  if (is_function && shadowed) return true;
  const auto place = static_cast<std::uint32_t>(entries_.size());
  Combinator combinator;
  combinator.name = text.name;
  combinator.id = id;
  combinator.is_function = is_function;
  combinator.shadowed = shadowed;
  combinator.result_name = text.result;
  if (!is_function) {
    auto& own = own_[sources_];
    own.constructors.emplace(text.name, place);
    own.types[text.result].push_back(place);
  }
  if (!shadowed) {
    known_[kind].insert(text.name);
    if (!is_function) {
      constructors_.emplace(text.name, place);
      schema_->types_[type_place(text.result)].constructors.push_back(place);
    }
  }
  schema_->combinators_.push_back(std::move(combinator));
  entries_.push_back({std::move(text), source.file, sources_});
  return true;
}

std::uint32_t SchemaBuilder::type_place(const std::string& name) {
  const auto next = static_cast<std::uint32_t>(schema_->types_.size());
  const auto [at, added] = types_.emplace(name, next);
  if (added) schema_->types_.push_back({name, {}});
  return at->second;
}

bool SchemaBuilder::resolve() {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto& entry = entries_[i];
    auto& combinator = schema_->combinators_[i];
    if (!resolve_fields(entry, combinator)) return false;
    const auto result = combinator.is_function
                            ? resolve_type(entry, entry.text.result, 0)
                            : TypeRef{Kind::boxed, false, type_place(entry.text.result)};
    if (!result) {
      return fail(entry.file, entry.text.line, quotation(entry.text.name) + ": " + problem_.text);
    }
    combinator.result = *result;
    const auto& variables = entry.text.variables;
    combinator.generic =
        std::find(variables.begin(), variables.end(), entry.text.result) != variables.end();
    plan(combinator);
  }
  write_pieces();
  index();
  return true;
}

bool SchemaBuilder::resolve_fields(const Entry& entry, Combinator& combinator) {
  const auto too_many = [&] {
    return fail(entry.file, entry.text.line,
                quotation(entry.text.name) + " has too many fields or flags words");
  };
  if (entry.text.fields.size() > Combinator::max_fields) return too_many();
  combinator.fields.reserve(entry.text.fields.size());
  for (const auto& text : entry.text.fields) {
    for (const auto& other : combinator.fields) {
      if (other.name == text.name) {
        return fail(entry.file, text.line,
                    quotation(entry.text.name) + " has two fields " + quotation(text.name));
      }
    }
    combinator.fields.emplace_back();
    combinator.fields.back().name = text.name;
    if (!text.word.empty() && !resolve_condition(entry, text, combinator)) return false;
    const auto type = resolve_type(entry, text.type, 0);
    if (!type) {
      return fail(
          entry.file, text.line,
          quotation(entry.text.name) + ", field " + quotation(text.name) + ": " + problem_.text);
    }
    combinator.fields.back().type = *type;
  }
  const auto words = std::count_if(combinator.fields.begin(), combinator.fields.end(),
                                   [](const Field& field) { return field.is_flags; });
  return static_cast<std::size_t>(words) <= Combinator::max_words || too_many();
}

bool SchemaBuilder::resolve_condition(const Entry& entry, const FieldText& text,
                                      Combinator& combinator) {
  auto& field = combinator.fields.back();
  const auto count = combinator.fields.size() - 1;
  for (std::size_t i = 0; i < count; ++i) {
    auto& word = combinator.fields[i];
    // Some files say `flags:int`; it is the same four bytes.
    const bool fits = word.type.kind == Kind::nat || word.type.kind == Kind::int32;
    if (word.name != text.word || !fits) continue;
    field.flags_field = static_cast<std::int16_t>(i);
    field.bit = text.bit;
    word.type.kind = Kind::nat;
    word.is_flags = true;
    return true;
  }
  return fail(entry.file, text.line,
              quotation(entry.text.name) + ", field " + quotation(text.name) + ": no field " +
                  quotation(text.word + ":#") + " stands before it");
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
    auto& elements = schema_->elements_;
    auto at = std::find(elements.begin(), elements.end(), *item);
    if (at == elements.end()) at = elements.insert(at, *item);
    return TypeRef{Kind::vector, inner->bare, static_cast<std::uint32_t>(at - elements.begin())};
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
      found != own.types.end() && found->second.size() == 1) {
    return TypeRef{Kind::bare, false, found->second.front()};
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

bool SchemaBuilder::fail(const std::string& file, std::size_t line, std::string text) {
  problem_ = {file, line, std::move(text)};
  return false;
}

void SchemaBuilder::warn(const std::string& file, std::size_t line, std::string text) {
  if (warnings_ != nullptr) warnings_->push_back({file, line, std::move(text)});
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
