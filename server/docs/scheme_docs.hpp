// What Telegram says of its types, constructors, methods and errors, in words: api.docs.json, which
// scheme/make_api_tl.mjs makes beside api.tl. Texts hold HTML and `{@link RawName}`.
#pragma once

#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/config/schemes.hpp"
#include "tl/result.hpp"
#include "tl/value.hpp"

namespace server::docs {

struct ErrorDoc {
  int code = 0;
  std::string name;  // as `_name` of an rpc_error: without its number
  std::string_view description;
};

struct CombinatorDoc {
  std::string_view description;
  std::unordered_map<std::string_view, std::string_view> fields;
  std::vector<ErrorDoc> errors;  // methods only
  std::string_view available;    // methods only: "user", "bot", "both", or ""

  std::string_view field(std::string_view name) const;
};

class SchemeDocs {
 public:
  static constexpr std::size_t max_size = 64 << 20;  // of the file

  static tl::Result<std::shared_ptr<const SchemeDocs>, std::string> parse(std::string_view text);

  // Bytes of memory, about.
  std::size_t size() const { return size_; }
  // "" and null for what has no words.
  std::string_view type(std::string_view name) const;
  const CombinatorDoc* constructor(std::string_view name) const;
  const CombinatorDoc* method(std::string_view name) const;

 private:
  using Combinators = std::unordered_map<std::string_view, CombinatorDoc>;

  static Combinators combinators(const tl::Value& of);

  std::size_t size_ = 0;
  std::pmr::monotonic_buffer_resource arena_;
  std::unordered_map<std::string_view, std::string_view> types_;
  Combinators constructors_;
  Combinators methods_;
};

// The file beside the first scheme's, or beside the program or installed. Null where there is none
// or it is broken; then `warnings` gets a sentence.
std::shared_ptr<const SchemeDocs> load_scheme_docs(const Schemes&,
                                                   std::vector<std::string>* warnings = nullptr);

}  // namespace server::docs
