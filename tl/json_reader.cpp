#include "tl/json_reader.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <cstring>
#include <new>
#include <vector>

namespace tl {
namespace {

using boost::json::error_code;
using boost::json::string_view;

// Takes the parser's events and leaves values in the arena. What is not yet closed waits on two
// stacks that keep their memory for the whole text.
class Handler {
 public:
  static constexpr std::size_t max_object_size = 0x7fffffff;
  static constexpr std::size_t max_array_size = 0x7fffffff;
  static constexpr std::size_t max_key_size = 0x7fffffff;
  static constexpr std::size_t max_string_size = 0x7fffffff;

  Handler(Arena& arena, Arena& stacks)
      : arena_(&arena), values_(&stacks), keys_(&stacks), held_(&stacks) {
    values_.reserve(64);
    keys_.reserve(64);
  }

  Value take() { return values_.empty() ? Value{} : values_.back(); }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_array_begin(error_code&) { return true; }

  bool on_object_end(std::size_t count, error_code&) {
    auto* to = static_cast<Member*>(allocate(count * sizeof(Member), alignof(Member)));
    const auto* value = values_.data() + (values_.size() - count);
    const auto* key = keys_.data() + (keys_.size() - count);
    for (std::size_t i = 0; i < count; ++i) new (to + i) Member{key[i], value[i]};
    values_.resize(values_.size() - count);
    keys_.resize(keys_.size() - count);
    values_.push_back(Value::object({to, count}));
    return true;
  }

  bool on_array_end(std::size_t count, error_code&) {
    auto* to = static_cast<Value*>(allocate(count * sizeof(Value), alignof(Value)));
    const auto* value = values_.data() + (values_.size() - count);
    for (std::size_t i = 0; i < count; ++i) new (to + i) Value(value[i]);
    values_.resize(values_.size() - count);
    values_.push_back(Value::array({to, count}));
    return true;
  }

  bool on_key_part(string_view piece, std::size_t, error_code&) { return hold(piece); }
  bool on_key(string_view piece, std::size_t, error_code&) {
    keys_.push_back(keep(piece));
    return true;
  }
  bool on_string_part(string_view piece, std::size_t, error_code&) { return hold(piece); }
  bool on_string(string_view piece, std::size_t, error_code&) {
    values_.push_back(Value::string(keep(piece)));
    return true;
  }

  bool on_number_part(string_view piece, error_code&) { return hold(piece); }
  bool on_int64(std::int64_t value, string_view piece, error_code&) {
    // Everything but "-0" reads back as the text that it was.
    if (value == 0) {
      values_.push_back(Value::number(keep(piece)));
    } else {
      held_.clear();
      values_.push_back(Value::integer(value));
    }
    return true;
  }
  bool on_uint64(std::uint64_t, string_view piece, error_code&) { return on_number(piece); }
  bool on_double(double, string_view piece, error_code&) { return on_number(piece); }

  bool on_bool(bool value, error_code&) {
    values_.push_back(Value::boolean(value));
    return true;
  }
  bool on_null(error_code&) {
    values_.emplace_back();
    return true;
  }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  void* allocate(std::size_t size, std::size_t alignment) {
    return arena_->allocate(size, alignment);
  }

  bool on_number(string_view piece) {
    values_.push_back(Value::number(keep(piece)));
    return true;
  }

  bool hold(string_view piece) {
    held_.append(piece.data(), piece.size());
    return true;
  }

  // The pieces held and this last one, in the arena.
  std::string_view keep(string_view piece) {
    const auto size = held_.size() + piece.size();
    if (size == 0) return "";
    auto* to = static_cast<char*>(allocate(size, 1));
    if (!held_.empty()) std::memcpy(to, held_.data(), held_.size());
    if (!piece.empty()) std::memcpy(to + held_.size(), piece.data(), piece.size());
    held_.clear();
    return {to, size};
  }

  Arena* arena_;
  std::pmr::vector<Value> values_;
  std::pmr::vector<std::string_view> keys_;
  std::pmr::string held_;
};

boost::json::parse_options options() {
  boost::json::parse_options chosen;
  chosen.max_depth = JsonReader::max_depth;
  return chosen;
}

std::string in_words(const error_code& code) {
  if (code == boost::json::error::incomplete) return "the text ends too early";
  if (code == boost::json::error::extra_data) return "something follows the value";
  if (code == boost::json::error::too_deep) {
    return "nested more than " + std::to_string(JsonReader::max_depth) + " deep";
  }
  return code.message();
}

}  // namespace

struct JsonReader::Parser {
  Parser(Arena& arena, Arena& stacks) : core(options(), arena, stacks) {}

  bool write(std::string_view piece, bool more) {
    if (failed) return false;
    try {
      error_code code;
      const auto used = core.write_some(more, piece.data(), piece.size(), code);
      if (!code && used < piece.size()) code = boost::json::error::extra_data;
      if (code) return fail({fed + used, in_words(code)});
    } catch (const std::bad_alloc&) {  // a memory_resource has no other way to refuse
      return fail({fed, "there is no memory for the values", true});
    }
    fed += piece.size();
    return true;
  }

  bool fail(JsonError why) {
    failed = true;
    problem = std::move(why);
    return false;
  }

  boost::json::basic_parser<Handler> core;
  std::size_t fed = 0;
  bool failed = false;
  JsonError problem;
};

JsonReader::JsonReader(Arena& arena, Arena& stacks)
    : parser_(std::make_unique<Parser>(arena, stacks)) {}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;

bool JsonReader::feed(std::string_view piece) { return parser_->write(piece, true); }

std::optional<Value> JsonReader::finish() {
  if (!parser_->write({"", 0}, false)) return std::nullopt;
  return parser_->core.handler().take();
}

const JsonError& JsonReader::error() const { return parser_->problem; }

std::optional<Value> read_json(std::string_view text, Arena& arena, JsonError* error) {
  JsonReader reader(arena);
  std::optional<Value> value;
  if (reader.feed(text)) value = reader.finish();
  if (!value && error != nullptr) *error = reader.error();
  return value;
}

}  // namespace tl
