#include "server/docs/type_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace server::docs {
namespace {

// Words that can't name an interface, a type or a namespace.
constexpr std::array<std::string_view, 66> words{
    "any",       "as",     "async",  "await",      "bigint",   "boolean",   "break",   "case",
    "catch",     "class",  "const",  "continue",   "debugger", "declare",   "default", "delete",
    "do",        "else",   "enum",   "export",     "extends",  "false",     "finally", "for",
    "function",  "global", "if",     "implements", "import",   "in",        "infer",   "instanceof",
    "interface", "is",     "keyof",  "let",        "module",   "namespace", "never",   "new",
    "null",      "number", "object", "package",    "private",  "protected", "public",  "readonly",
    "require",   "return", "static", "string",     "super",    "switch",    "symbol",  "this",
    "throw",     "true",   "try",    "type",       "typeof",   "undefined", "unknown", "var",
    "void",      "while"};
constexpr std::array<std::string_view, 5> more_words{"with", "yield", "unique", "intrinsic",
                                                     "asserts"};

bool is_word(std::string_view name) {
  const auto in = [&](const auto& list) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  return in(words) || in(more_words);
}

// A name of letters, digits and underscores that does not begin with a digit.
std::string identifier(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (out.empty() && c >= '0' && c <= '9') out += '_';
    out += good ? c : '_';
  }
  if (is_word(out)) out += '_';
  return out;
}

}  // namespace

TypeNames::TypeNames(const tl::Schema& schema, std::set<std::string> taken) {
  used_[""] = std::move(taken);
  const auto all = schema.first_source();
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (all[i].is_function || types_.contains(all[i].result.index)) continue;
    types_.emplace(all[i].result.index, enter(all[i].result_name));
  }
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (!all[i].is_function) constructors_.emplace(i, enter(all[i].name));
  }
}

std::string TypeNames::space_of(std::string_view name) {
  const auto dot = name.find('.');
  return dot == name.npos ? std::string() : identifier(name.substr(0, dot));
}

TypeName TypeNames::enter(std::string_view name) {
  TypeName out{space_of(name), {}};
  const auto dot = name.find('.');
  out.own = identifier(dot == name.npos ? name : name.substr(dot + 1));
  while (!used_[out.space].insert(out.own).second) out.own += '_';
  return out;
}

const TypeName* TypeNames::type(std::uint32_t place) const {
  const auto found = types_.find(place);
  return found == types_.end() ? nullptr : &found->second;
}

const TypeName* TypeNames::constructor(std::uint32_t place) const {
  const auto found = constructors_.find(place);
  return found == constructors_.end() ? nullptr : &found->second;
}

std::string TypeNames::refer(const TypeName& name, std::string_view from) {
  if (name.space == from) return name.own;
  if (!name.space.empty()) return name.space + "." + name.own;
  const auto inside = used_.find(from);
  if (inside == used_.end() || !inside->second.contains(name.own)) return name.own;
  auto alias = "$" + name.own;
  aliases_.emplace(alias, name.own);
  return alias;
}

}  // namespace server::docs
