// Makes a Schema of statements: first every name gets its place, then every type is looked up, so
// that the order of lines and files does not matter.
#pragma once

#include <functional>
#include <memory>
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

  // False at the first problem.
  bool add(const SchemaSource& source);
  bool resolve();

  std::shared_ptr<const Schema> take();
  const SchemaProblem& problem() const { return problem_; }

 private:
  struct Entry {
    CombinatorText text;
    std::string file;
    std::size_t source = 0;
  };
  struct TagHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return name_tag(name); }
  };
  using Names = std::unordered_set<std::string, TagHash, std::equal_to<>>;
  template <class Value>
  using ByName = std::unordered_map<std::string, Value, TagHash, std::equal_to<>>;
  // What a source says itself, shadowed or not: a bare reference means its own file's (`message`
  // of a container is not the API's).
  struct Own {
    ByName<std::uint32_t> constructors;
    ByName<std::vector<std::uint32_t>> types;
  };

  bool enter(const SchemaSource& source, CombinatorText text, Names& taken);
  std::uint32_t type_place(const std::string& name);
  bool resolve_fields(const Entry& entry, Combinator& combinator);
  bool resolve_condition(const Entry& entry, const FieldText& text, Combinator& combinator);
  std::optional<TypeRef> resolve_type(const Entry& entry, std::string_view name, int depth);
  std::optional<TypeRef> resolve_bare(const Entry& entry, std::string_view name);
  void plan(Combinator& combinator);
  void plan_steps(Combinator& combinator);
  void plan_masks(Combinator& combinator);
  void write_pieces();
  void index();
  bool fail(const std::string& file, std::size_t line, std::string text);
  void warn(const std::string& file, std::size_t line, std::string text);

  std::shared_ptr<Schema> schema_ = std::make_shared<Schema>();
  std::vector<Entry> entries_;  // as schema_->combinators_
  ByName<std::uint32_t> types_;
  ByName<std::uint32_t> constructors_;
  std::vector<Own> own_;  // by source, from 1
  Names known_[2];        // of all sources; constructors and functions have names apart
  std::vector<SchemaProblem>* warnings_;
  SchemaProblem problem_;
  std::size_t sources_ = 0;
};

}  // namespace tl
