// What a TL scheme says: types, constructors, functions, with field plans ready for the codec.
// core.telegram.org/mtproto/TL. Immutable once made; shared between threads as
// std::shared_ptr<const Schema>.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tl/id_table.hpp"
#include "tl/name_blocks.hpp"
#include "tl/result.hpp"

namespace tl {

enum class Kind : std::uint8_t {
  nat,      // `#`, unsigned 32 bits: a flags word, or a count
  int32,    // `int`
  int64,    // `long`
  float64,  // `double`
  string,
  bytes,
  int128,
  int256,
  boolean,   // Bool, boxed
  true_bit,  // `true` behind a flag: no bytes at all
  vector,    // Vector<T> boxed, vector<T> bare
  boxed,     // any constructor of a type, with its id
  bare,      // one constructor, without its id (`%T`, `future_salt`)
  any,       // !X, X, Object: any boxed object or function
};

// A type where a value is due. `index` is: for vector, the element's place in Schema::element();
// for boxed, the type's place in Schema::type(); for bare, the combinator's in
// Schema::combinator().
struct TypeRef {
  Kind kind = Kind::any;
  bool bare_vector = false;  // `vector<T>`: no 1cb5c415 in front
  std::uint32_t index = 0;
  bool operator==(const TypeRef&) const = default;
};

// What stands for a field that a request leaves out. server/API.md, "What may be left out".
enum class Absent : std::uint8_t {
  refused,   // it has to be there
  zero,      // 0, and "" for a string
  random,    // drawn; a vector gets as many as `id` has
  settings,  // a CodeSettings with nothing in it
};

struct Field {
  TypeRef type;
  std::int16_t flags_field = -1;  // which earlier field holds the flags word; −1: always there
  std::uint8_t bit = 0;
  std::uint8_t gate = 0;  // the number of that word in the combinator, from 1; 0: always there
  std::uint8_t word = 0;  // of a flags word: its own number
  bool is_flags = false;  // this `#` is the word that other fields' conditions name
  Absent absent = Absent::refused;
  std::string_view name;
  bool conditional() const { return flags_field >= 0; }
};

// What a walk over bytes wants to know of a field, and no more: sixteen bytes.
struct Step {
  const char* key_data = nullptr;  // `,"name":`, a Piece; null: a flags word
  std::uint32_t index = 0;  // as TypeRef; of a flags word: where in Combinator::masks it begins
  std::uint16_t key_size = 0;
  Kind kind = Kind::any;
  std::uint8_t more = 0;  // of a vector: whether it is bare; of a flags word: how many bits count

  bool is_flags() const { return key_data == nullptr; }
  Piece key() const { return {key_data, key_size}; }
  std::string_view name() const { return {key_data + 2, std::size_t{key_size} - 4}; }
};

// Its lists and names lie in the blocks of memory that its Schema owns.
struct Combinator {
  static constexpr std::size_t max_words = 8;
  static constexpr std::size_t max_fields = 1024;
  static constexpr std::size_t max_name = 1024;  // of the combinator and of each field

  Piece head;  // `{"_cons":"messages.sendMessage"`
  TypeRef result;
  std::uint32_t id = 0;
  std::uint32_t blocks = 0;     // 64 fields are a block
  std::span<const Step> steps;  // as `fields`
  // Sets of fields, each a mask a block: first those that are always there, then for each bit of
  // each flags word those that it brings. field_walk.hpp reads them.
  std::span<const std::uint64_t> masks;
  std::span<const Field> fields;
  std::span<const std::uint64_t> tags;  // name_tag() of each field
  std::string_view name;                // "messages.sendMessage"
  std::string_view result_name;         // as written: "Updates", "Vector<User>"
  bool is_function = false;
  bool nested_flags = false;  // a flags word hangs on another
  bool generic = false;       // {X:Type}: the result is the inner query's
  bool shadowed = false;      // an earlier source has its name; only its own file's %T leads here
};

struct Type {
  std::string_view name;
  std::span<const std::uint32_t> constructors;  // places of Schema::combinator()
};

struct SchemaProblem {
  std::string file;
  std::size_t line = 0;
  std::string text;  // a sentence
};

// One file's text, named for messages.
struct SchemaSource {
  std::string file;
  std::string text;
};

class Schema {
 public:
  // Of several sources the first that has a name wins; whatever shares an id is kept by its name
  // and read as the first. `warnings` receives what is odd but taken (an id that is no CRC32).
  static Result<std::shared_ptr<const Schema>, SchemaProblem> parse(
      std::span<const SchemaSource> sources, std::vector<SchemaProblem>* warnings = nullptr);

  // `// LAYER N` of the first source, or none.
  std::optional<int> layer() const { return layer_; }

  const Combinator* constructor_by_id(std::uint32_t id) const {
    return at(constructor_ids_.find(id));
  }
  const Combinator* function_by_id(std::uint32_t id) const { return at(function_ids_.find(id)); }
  const Combinator* constructor_by_name(std::string_view name) const;
  const Combinator* function_by_name(std::string_view name) const;
  const Type* type_by_name(std::string_view name) const;

  const Combinator& combinator(std::uint32_t place) const { return combinators_[place]; }
  const Type& type(std::uint32_t place) const { return types_[place]; }
  TypeRef element(std::uint32_t place) const { return elements_[place]; }
  std::span<const Combinator> combinators() const { return combinators_; }
  // Those of the first source only, in its order: the API without the service messages.
  std::span<const Combinator> first_source() const {
    return std::span(combinators_).first(first_source_);
  }
  std::span<const Type> types() const { return types_; }

  // A TypeRef for a type's name ("InputPeer", "Vector<long>", "int"), or none.
  std::optional<TypeRef> find_type(std::string_view name) const;
  // "Vector<InputPeer>", for messages.
  std::string describe(TypeRef) const;

 private:
  friend class SchemaBuilder;
  const Combinator* at(std::uint32_t place) const {
    return place == IdTable::none ? nullptr : &combinators_[place];
  }

  std::optional<int> layer_;
  std::vector<Combinator> combinators_;
  std::size_t first_source_ = 0;
  std::vector<Type> types_;
  std::vector<TypeRef> elements_;
  // What combinators and types have parts of, in their order.
  std::vector<Field> fields_;
  std::vector<Step> steps_;
  std::vector<std::uint64_t> tags_;
  std::vector<std::uint64_t> masks_;
  std::vector<std::uint32_t> constructors_;
  NameBlocks names_;
  IdTable constructor_ids_;
  IdTable function_ids_;
  struct Index;
  std::shared_ptr<const Index> index_;
};

}  // namespace tl
