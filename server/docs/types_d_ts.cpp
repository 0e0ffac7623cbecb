#include "server/docs/types_d_ts.hpp"

#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "server/docs/answered_types.hpp"
#include "server/docs/doc_text.hpp"
#include "server/docs/type_names.hpp"

namespace server::docs {
namespace {

using tl::Combinator;
using tl::Field;
using tl::Kind;
using tl::TypeRef;

constexpr std::string_view head = R"(, in the `plain` notation. Save it beside client.d.ts:
//
//   import type { Methods } from './types.js';
//   const tg = await connect<Methods>();

export {};

/** 64 bits as a decimal string; as an argument any string, number or bigint. */
export type Long = `${bigint}`;
/** base64; as an argument a Uint8Array too. */
export type Bytes = string;
export type Username = `@${string}`;
/** Whom a peer may be named by, instead of an object. */
export type PeerName = 'me' | Username;
/** A method and its arguments, for what wraps another. */
export type Call = {
  [Name in keyof Methods]: { _cons: Name } & (string extends keyof Methods[Name]['params']
    ? unknown // it takes nothing
    : Methods[Name]['params']);
}[keyof Methods];
)";
const std::set<std::string> own_names{"Long", "Bytes", "Username", "PeerName", "Call", "Methods"};

class TypesWriter {
 public:
  TypesWriter(const Scheme& scheme, const SchemeDocs* docs)
      : layer_(scheme.layer),
        schema_(*scheme.schema),
        docs_(docs),
        names_(schema_, own_names),
        answered_(answered(schema_)) {}

  std::string run() {
    out_ = "// Telegram's API, layer " + std::to_string(layer_);
    out_ += head;
    methods();
    std::set<std::string> spaces{""};
    for (const auto& combinator : schema_.first_source()) {
      if (!combinator.is_function) spaces.insert(TypeNames::space_of(combinator.name));
      if (!combinator.is_function) spaces.insert(TypeNames::space_of(combinator.result_name));
    }
    for (const auto& space : spaces) in_space(space);
    if (!names_.aliases().empty()) out_ += '\n';
    for (const auto& [alias, name] : names_.aliases()) put({"type ", alias, " = ", name, ";\n"});
    return std::move(out_);
  }

 private:
  void put(std::initializer_list<std::string_view> pieces) {
    for (const auto piece : pieces) out_ += piece;
  }
  void comment(std::string_view html) { out_ += doc_comment(html, indent_); }
  void deeper() { indent_ += "  "; }
  void back() { indent_.resize(indent_.size() - 2); }

  void in_space(const std::string& space) {
    space_ = space;
    if (!space.empty()) {
      put({"\nexport declare namespace ", space, " {"});
      deeper();
    }
    const auto all = schema_.first_source();
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      const auto* name = names_.constructor(i);
      if (name != nullptr && name->space == space) constructor(i, *name);
    }
    for (std::uint32_t i = 0; i < schema_.types().size(); ++i) {
      const auto* name = names_.type(i);
      if (name != nullptr && name->space == space) type(i, *name);
    }
    if (!space.empty()) {
      back();
      out_ += "}\n";
    }
    space_.clear();
  }

  std::string_view exported() const { return space_.empty() ? "export " : ""; }

  void constructor(std::uint32_t place, const TypeName& name) {
    const auto& combinator = schema_.combinator(place);
    const auto* about = docs_ == nullptr ? nullptr : docs_->constructor(combinator.name);
    out_ += '\n';
    if (about != nullptr) comment(about->description);
    put({indent_, exported(), "interface ", name.own, " {\n"});
    deeper();
    put({indent_, "_cons: '", combinator.name, "';\n"});
    fields(combinator, about, !answered_[place]);
    back();
    put({indent_, "}\n"});
  }

  void type(std::uint32_t place, const TypeName& name) {
    const auto& type = schema_.type(place);
    out_ += '\n';
    if (docs_ != nullptr) comment(docs_->type(type.name));
    put({indent_, exported(), "type ", name.own, " ="});
    std::string_view between = " ";
    for (const auto at : type.constructors) {
      const auto* one = names_.constructor(at);
      if (one == nullptr) continue;
      put({between, names_.refer(*one, space_)});
      between = " | ";
    }
    out_ += ";\n";
  }

  void methods() {
    out_ += "\nexport interface Methods {\n";
    deeper();
    for (const auto& combinator : schema_.first_source()) {
      if (combinator.is_function) method(combinator);
    }
    back();
    out_ += "}\n";
  }

  void method(const Combinator& combinator) {
    const auto* about = docs_ == nullptr ? nullptr : docs_->method(combinator.name);
    if (about != nullptr) comment(about->description);
    put({indent_, "'", combinator.name, "': {\n"});
    deeper();
    if (combinator.fields.empty()) {
      put({indent_, "params: { [argument: string]: never };\n"});
    } else {
      put({indent_, "params: {\n"});
      deeper();
      fields(combinator, about, true);
      back();
      put({indent_, "};\n"});
    }
    put({indent_, "result: ", written(combinator.result, false), ";\n"});
    back();
    put({indent_, "};\n"});
  }

  // `sent`: by a client only, so that it may leave out and write shorter what it may.
  void fields(const Combinator& combinator, const CombinatorDoc* about, bool sent) {
    for (const auto& field : combinator.fields) {
      if (field.is_flags) continue;
      if (about != nullptr) comment(about->field(field.name));
      const bool optional = field.conditional() || (sent && field.absent != tl::Absent::refused);
      put({indent_, field.name, optional ? "?: " : ": ",
           combinator.is_function && field.type.kind == Kind::any ? "Call"
                                                                  : written(field.type, sent),
           ";\n"});
    }
  }

  std::string written(TypeRef ref, bool sent) {
    switch (ref.kind) {
      case Kind::nat:
      case Kind::int32:
      case Kind::float64:
        return "number";
      case Kind::int64:
        return "Long";
      case Kind::string:
        return "string";
      case Kind::bytes:
      case Kind::int128:
      case Kind::int256:
        return "Bytes";
      case Kind::boolean:
        return "boolean";
      case Kind::true_bit:
        return sent ? "boolean" : "true";
      case Kind::vector: {
        const auto item = written(schema_.element(ref.index), sent);
        return item.find(' ') == item.npos ? item + "[]" : "(" + item + ")[]";
      }
      case Kind::boxed: {
        const auto* name = names_.type(ref.index);
        return name == nullptr ? "unknown" : names_.refer(*name, space_).append(by_name(ref, sent));
      }
      case Kind::bare: {
        const auto* name = names_.constructor(ref.index);
        return name == nullptr ? "unknown" : names_.refer(*name, space_);
      }
      case Kind::any:
        break;
    }
    return "unknown";
  }

  std::string_view by_name(TypeRef ref, bool sent) const {
    const auto& type = schema_.type(ref.index).name;
    if (!sent) return {};
    if (type == "InputPeer" || type == "InputUser") return " | PeerName";
    return type == "InputChannel" ? " | Username" : std::string_view();
  }

  int layer_;
  const tl::Schema& schema_;
  const SchemeDocs* docs_;
  TypeNames names_;
  std::vector<bool> answered_;
  std::string out_;
  std::string indent_;
  std::string space_;
};

}  // namespace

std::string types_d_ts(const Scheme& scheme, const SchemeDocs* docs) {
  return TypesWriter(scheme, docs).run();
}

}  // namespace server::docs
