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
  std::uint8_t word = 0;  // of a flags word: its number in the combinator, from 1
  bool is_flags = false;  // this `#` is the word that other fields' conditions name
  Absent absent = Absent::refused;
  std::string key;  // `,"name":`, as a writer of JSON needs it
  std::string name;
  bool conditional() const { return flags_field >= 0; }
};

// Whether a field is there, in one look: where `words[word] & mask` is not 0. Word 0 is all ones.
struct Gate {
  std::uint32_t mask = 1;
  std::uint32_t word = 0;
};

struct Combinator {
  static constexpr std::size_t max_words = 8;

  std::string name;  // "messages.sendMessage"
  std::string head;  // `{"_cons":"messages.sendMessage"`
  std::uint32_t id = 0;
  bool is_function = false;
  bool generic = false;   // {X:Type}: the result is the inner query's
  bool shadowed = false;  // an earlier source has its name; only its own file's %T leads here
  std::vector<Field> fields;
  std::vector<Gate> gates;  // as `fields`
  TypeRef result;
  std::string result_name;  // as written: "Updates", "Vector<User>"
};

struct Type {
  std::string name;
  std::vector<std::uint32_t> constructors;  // places of Schema::combinator()
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
  // Reads the sources together; where a name or an id stands in several, the first source that
  // has it wins. `warnings` receives what is odd but taken (a stated id that is no CRC32).
  static Result<std::shared_ptr<const Schema>, SchemaProblem> parse(
      std::span<const SchemaSource> sources, std::vector<SchemaProblem>* warnings = nullptr);

  // `// LAYER N` of the first source, or none.
  std::optional<int> layer() const { return layer_; }

  const Combinator* constructor_by_id(std::uint32_t id) const;
  const Combinator* function_by_id(std::uint32_t id) const;
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
  std::optional<int> layer_;
  std::vector<Combinator> combinators_;
  std::size_t first_source_ = 0;
  std::vector<Type> types_;
  std::vector<TypeRef> elements_;
  struct Index;
  std::shared_ptr<const Index> index_;
};

}  // namespace tl
