// Makes a Schema of statements: first every name gets its place, then every type is looked up, so
// that the order of lines and files does not matter.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "tl/combinator_text.hpp"
#include "tl/name_tag.hpp"
#include "tl/schema.hpp"

namespace tl {

class SchemaBuilder {
 public:
  explicit SchemaBuilder(std::vector<SchemaProblem>* warnings) : warnings_(warnings) {}

  // False at the first problem. The source lives as long as the builder.
  bool add(const SchemaSource& source);
  bool resolve();

  std::shared_ptr<const Schema> take();
  const SchemaProblem& problem() const { return problem_; }

 private:
  struct Entry {
    CombinatorText text;
    std::uint32_t source = 0;  // place in own_
  };
  struct TagHash {
    std::size_t operator()(std::string_view name) const { return name_tag(name); }
  };
  using Names = std::pmr::unordered_set<std::string_view, TagHash>;
  template <class Value>
  using ByName = std::pmr::unordered_map<std::string_view, Value, TagHash>;
  struct Constructors {
    std::uint32_t first = 0;
    std::size_t count = 0;
  };
  // What a source says itself, shadowed or not: a bare reference means its own file's (`message`
  // of a container is not the API's).
  struct Own {
    Own(std::string_view file_in, std::pmr::memory_resource* scratch)
        : file(file_in), constructors(scratch), types(scratch), functions(scratch) {}
    std::string_view file;
    ByName<std::uint32_t> constructors;
    ByName<Constructors> types;
    Names functions;
  };
  // A combinator's parts, while they are made.
  struct Parts {
    std::span<Field> fields;
    std::span<Step> steps;
    std::span<std::uint64_t> tags;
  };

  void reserve(const SchemaSource& source);
  bool take(const Statement& statement);
  bool enter(const CombinatorText& text);
  std::uint32_t type_place(std::string_view name);
  void place_types();
  void place_fields();
  Parts parts_of(const Combinator& combinator);
  bool resolve_fields(const Entry& entry, std::span<Field> fields);
  bool resolve_condition(const Entry& entry, const FieldText& text, std::span<Field> fields,
                         std::size_t at);
  std::optional<TypeRef> resolve_type(const Entry& entry, std::string_view name, int depth);
  std::uint32_t element_place(TypeRef item);
  std::optional<TypeRef> resolve_bare(const Entry& entry, std::string_view name);
  void plan_absent(Combinator& combinator);
  void plan_steps(Combinator& combinator);
  void plan_masks();
  void write_names();
  void index();
  bool fail(const Entry& entry, std::string text) {
    return fail(own_[entry.source].file, entry.text.line, std::move(text));
  }
  bool fail(std::string_view file, std::size_t line, std::string text);
  void warn(std::string_view file, std::size_t line, std::string text);

  static constexpr std::size_t scratch_size = std::size_t{1} << 20;

  std::shared_ptr<Schema> schema_ = std::make_shared<Schema>();
  // All that is gone with the builder lies together, apart from what stays.
  std::pmr::monotonic_buffer_resource scratch_{scratch_size};
  std::pmr::vector<Entry> entries_{&scratch_};  // as schema_->combinators_
  ByName<std::uint32_t> types_{&scratch_};
  // Of all sources; constructors and functions have names apart.
  ByName<std::uint32_t> constructors_{&scratch_};
  Names functions_{&scratch_};
  // Of each type, as schema_->types_.
  std::pmr::vector<std::pmr::vector<std::uint32_t>> type_constructors_{&scratch_};
  std::pmr::unordered_map<std::uint64_t, std::uint32_t> elements_{&scratch_};
  std::deque<Own> own_;  // by source
  std::vector<SchemaProblem>* warnings_;
  SchemaProblem problem_;
};

}  // namespace tl
