// Makes a Schema of statements: first every name gets its place, then every type is looked up, so
// that the order of lines and files does not matter.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tl/combinator_text.hpp"
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
  using Names = std::set<std::pair<bool, std::string>, std::less<>>;
  using Ids = std::set<std::pair<bool, std::uint32_t>>;

  bool enter(const SchemaSource& source, CombinatorText text, Names& names, Ids& ids);
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
  std::map<std::string, std::uint32_t, std::less<>> types_;
  std::map<std::string, std::uint32_t, std::less<>> constructors_;
  // The same by the source that they stand in, shadowed ones too: a bare reference means its own
  // file's (`message` of a container is not the API's).
  std::map<std::pair<std::size_t, std::string>, std::uint32_t> own_constructors_;
  std::map<std::pair<std::size_t, std::string>, std::vector<std::uint32_t>> own_types_;
  std::map<std::pair<bool, std::string>, std::uint32_t> known_;
  std::set<std::pair<bool, std::uint32_t>> known_ids_;
  std::vector<SchemaProblem>* warnings_;
  SchemaProblem problem_;
  std::size_t sources_ = 0;
};

}  // namespace tl
