// JSON values ⇄ TL bytes by a scheme read at run time. The notation is described in
// server/API.md, the bytes in core.telegram.org/mtproto/serialize.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tl/bytes.hpp"
#include "tl/notation.hpp"
#include "tl/random.hpp"
#include "tl/result.hpp"
#include "tl/schema.hpp"
#include "tl/value.hpp"

namespace tl {

// Why a value can't be what the scheme wants.
struct Problem {
  enum class Kind : std::uint8_t {
    type,    // wrong JSON type, or out of the TL type's range → TypeError
    scheme,  // unknown name, missing field, wrong constructor → SchemeError
  };
  Kind kind = Kind::type;
  std::string path;  // JSON pointer below the encoded value: "/peer/user_id"
  std::string text;  // a sentence; names the expected type and the nearest known name
};

// A peer that a name stands for.
struct Peer {
  enum class Kind : std::uint8_t { user, chat, channel };
  Kind kind = Kind::user;
  std::int64_t id = 0;
  std::int64_t access_hash = 0;
};

// Names ("@name", lower case, without the @) that are known already.
class PeerBook {
 public:
  virtual ~PeerBook() = default;
  virtual std::optional<Peer> find(std::string_view name) const = 0;
};

struct EncodeOptions {
  bool ignore_unknown = false;      // drop unknown fields and list their pointers
  bool defaults = true;             // the fields that API.md lets absent may be absent
  Random* random = nullptr;         // for random_id; none: an absent one is an error
  const PeerBook* peers = nullptr;  // none: "@name" is an error
  std::size_t longest = std::numeric_limits<std::size_t>::max();  // bytes, more or less
};

struct Encoding {
  static constexpr std::size_t max_ignored = 100;
  static constexpr std::size_t max_lacking = 65;

  const Combinator* combinator = nullptr;  // the outermost; none where a mere value was encoded
  const Combinator* innermost = nullptr;  // the query inside invokeWithLayer, …; else the outermost
  TypeRef result;                         // of a function: what will answer, generics resolved
  std::vector<std::string> ignored;       // pointers of dropped fields, at most max_ignored …
  std::size_t ignored_more = 0;           // … and how many there were beside
  std::vector<std::int64_t> drawn;        // random_id values drawn here
  // Names that must be resolved before this can be sent: the first max_lacking of them.
  std::vector<std::string> lacking;
  // The first long, of those that a client has from an answer, that looks as if a double had made
  // it of another one (tl/rounded.hpp).
  struct Rounded {
    std::int64_t value = 0;
    std::string field;
  };
  std::optional<Rounded> rounded;
  std::optional<std::size_t> layer_at;  // where in `out` the layer of an invokeWithLayer stands
};

// Appends a boxed function or object, named by `_cons` (or `_`, `@type`). On a Problem, or where
// `lacking` is not empty, what was appended is not fit to be sent (on a Problem `out` is as it
// was). Members whose name is `_seqno` at the top are the caller's and passed over.
Result<Encoding, Problem> encode(const Schema&, const Value&, const EncodeOptions&, Bytes& out);

// Appends a value where `due` is due.
Result<Encoding, Problem> encode_as(const Schema&, TypeRef due, const Value&, const EncodeOptions&,
                                    Bytes& out);

// Bytes that are not what the scheme says.
struct DecodeProblem {
  std::size_t offset = 0;
  std::string path;
  std::string text;
};

// Appends the JSON text of the object in `bytes`; `due` is what should be there. An unknown
// constructor anywhere makes the whole of it {"_cons":"_unknown",…}; bytes that end too early or
// are left over as well, with `_reason`. So what is appended is always one complete JSON value.
// True where it was decoded as it is.
bool decode_text(const Schema&, TypeRef due, ByteView bytes, Notation, std::string& out);

class GivenLongs;  // tl/rounded.hpp

// Who says how long a text may become. A few bytes can stand for many: the names of 32 flags.
class TextRoom {
 public:
  virtual ~TextRoom() = default;
  // Whether the text may take `bytes` in all.
  virtual bool take(std::size_t bytes) = 0;
};

enum class Decoded : std::uint8_t {
  whole,     // as it is
  unknown,   // {"_cons":"_unknown",…}
  too_long,  // `room` was refused: nothing is appended
};

// The same as far as there is room. `given`: there the longs are noted that are written as numbers.
Decoded decode_text_within(TextRoom& room, const Schema&, TypeRef due, ByteView bytes, Notation,
                           std::string& out, GivenLongs* given = nullptr);

// The same into an arena: canonical notation, in which `true` and Bool are booleans, long is an
// integer, bytes and int128 are Value::bytes, and a string is a string (its bytes as they came).
// The bytes are copied into the arena once; keys and constructor names are views into the scheme.
// With `functions`, `any` and a top-level function id are read as functions too (a server reads
// requests).
Result<Value, DecodeProblem> decode_value(const Schema&, TypeRef due, ByteView bytes, Arena&,
                                          bool functions = false);

// Any boxed object.
inline constexpr TypeRef any_object{Kind::any, false, 0};

}  // namespace tl
