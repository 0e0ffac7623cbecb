#include "server/docs/scheme_json.hpp"

#include <cstdio>
#include <set>
#include <string_view>
#include <utility>

namespace server::docs {
namespace {

using tl::Combinator;
using tl::Field;
using tl::Kind;
using tl::TypeRef;

class SchemeWriter {
 public:
  SchemeWriter(const tl::Schema& schema, const SchemeDocs* docs) : schema_(schema), docs_(docs) {}

  std::string run(const Schemes& all, int layer) {
    out_ = "{\"layer\":" + std::to_string(layer) + ",\"layers\":[";
    for (const auto& scheme : all.all()) item(std::to_string(scheme.layer));
    out_ += "],\"types\":{";
    types();
    out_ += "},\"errors\":{";
    errors();
    out_ += "},\"constructors\":[";
    combinators(false);
    out_ += "],\"methods\":[";
    combinators(true);
    out_ += "]}";
    return std::move(out_);
  }

 private:
  void comma() {
    if (out_.back() != '[' && out_.back() != '{') out_ += ',';
  }
  void item(std::string_view text) {
    comma();
    out_ += text;
  }
  void name(std::string_view text) {
    comma();
    tl::write_json_string(text, out_);
    out_ += ':';
  }
  void text(std::string_view key, std::string_view value) {
    name(key);
    tl::write_json_string(value, out_);
  }
  void doc(std::string_view words) {
    if (!words.empty()) text("doc", words);
  }

  const CombinatorDoc* words(const Combinator& combinator) const {
    if (docs_ == nullptr) return nullptr;
    return combinator.is_function ? docs_->method(combinator.name)
                                  : docs_->constructor(combinator.name);
  }

  void types() {
    if (docs_ == nullptr) return;
    for (const auto& type : schema_.types()) {
      if (const auto words = docs_->type(type.name); !words.empty()) text(type.name, words);
    }
  }

  // Those of the methods that are here.
  void errors() {
    std::set<std::string_view> told;
    for (const auto& combinator : schema_.first_source()) {
      const auto* about = combinator.is_function ? words(combinator) : nullptr;
      if (about == nullptr) continue;
      for (const auto& error : about->errors) {
        if (told.insert(error.name).second) text(error.name, error.description);
      }
    }
  }

  void combinators(bool functions) {
    for (const auto& combinator : schema_.first_source()) {
      if (combinator.is_function != functions) continue;
      comma();
      one(combinator, words(combinator));
    }
  }

  void one(const Combinator& combinator, const CombinatorDoc* about) {
    char id[16];
    std::snprintf(id, sizeof id, "0x%08x", combinator.id);
    out_ += '{';
    text("name", combinator.name);
    text("id", id);
    if (combinator.generic) {
      text("type", combinator.result_name);
    } else {
      type(combinator.result, combinator.is_function);
    }
    if (about != nullptr) doc(about->description);
    name("fields");
    out_ += '[';
    for (const auto& each : combinator.fields) field(combinator, each, about);
    out_ += ']';
    if (about != nullptr) method_words(*about);
    out_ += '}';
  }

  void method_words(const CombinatorDoc& about) {
    std::set<std::pair<int, std::string_view>> told;
    for (const auto& error : about.errors) {
      if (!told.insert({error.code, error.name}).second) continue;
      if (told.size() == 1) {
        name("errors");
        out_ += '[';
      }
      item("[" + std::to_string(error.code));
      out_ += ',';
      tl::write_json_string(error.name, out_);
      out_ += ']';
    }
    if (!told.empty()) out_ += ']';
    if (!about.available.empty()) text("for", about.available);
  }

  void field(const Combinator& combinator, const Field& each, const CombinatorDoc* about) {
    if (each.type.kind == Kind::nat) return;
    comma();
    out_ += '{';
    text("name", each.name);
    type(each.type, combinator.is_function);
    if (each.conditional()) {
      text("flag", std::string(combinator.fields[static_cast<std::size_t>(each.flags_field)].name) +
                       "." + std::to_string(each.bit));
    }
    if (about != nullptr) doc(about->field(each.name));
    out_ += '}';
  }

  void type(TypeRef ref, bool of_function) {
    int depth = 0;
    for (; ref.kind == Kind::vector; ++depth) ref = schema_.element(ref.index);
    text("type", type_text(ref, of_function));
    if (depth == 0) return;
    name("vector");
    out_ += std::to_string(depth);
  }

  std::string type_text(TypeRef ref, bool of_function) const {
    if (ref.kind == Kind::any && of_function) return "!X";
    if (ref.kind != Kind::bare) return schema_.describe(ref);
    const auto& combinator = schema_.combinator(ref.index);
    const auto* whole = schema_.type_by_name(combinator.result_name);
    const bool alone = whole != nullptr && whole->constructors.size() == 1;
    return alone ? '%' + std::string(combinator.result_name) : std::string(combinator.name);
  }

  const tl::Schema& schema_;
  const SchemeDocs* docs_;
  std::string out_;
};

}  // namespace

std::string scheme_json(const Schemes& all, const Scheme& one, const SchemeDocs* docs) {
  return SchemeWriter(*one.schema, docs).run(all, one.layer);
}

}  // namespace server::docs
