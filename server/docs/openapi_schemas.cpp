#include "server/docs/openapi_schemas.hpp"

#include <string>

#include "server/docs/answered_types.hpp"
#include "server/docs/doc_text.hpp"

namespace server::docs {
namespace {

using tl::Combinator;
using tl::Field;
using tl::Kind;
using tl::TypeRef;

std::string brief_name(std::string_view name) { return std::string(name) + ".brief"; }

}  // namespace

OpenApiSchemas::OpenApiSchemas(const tl::Schema& schema, const SchemeDocs* docs, OpenApi dialect,
                               JsonWriter& out)
    : schema_(schema),
      docs_(docs),
      dialect_(dialect),
      out_(out),
      names_(schema),
      answered_(answered(schema)) {}

void OpenApiSchemas::all() {
  for (std::uint32_t i = 0; i < schema_.first_source().size(); ++i) {
    if (const auto* name = names_.constructor(i)) constructor(i, *name);
  }
  for (std::uint32_t i = 0; i < schema_.types().size(); ++i) {
    const auto* name = names_.type(i);
    if (name == nullptr) continue;
    type(i, *name);
    if (dialect_ == OpenApi::v3_0) brief(i, *name);
  }
  peers();
}

void OpenApiSchemas::peers() {
  for (std::uint32_t i = 0; i < schema_.types().size(); ++i) {
    const TypeRef ref{Kind::boxed, false, i};
    if (!is_peer(ref)) continue;
    out_.key(peer_schema(ref)).open('{').key("anyOf").open('[');
    reference(schema_.type(i).name == "InputChannel" ? "AtName" : "PeerName", {});
    named(ref, false, {});
    out_.close(']').close('}');
  }
}

void OpenApiSchemas::constructor(std::uint32_t place, std::string_view name) {
  const auto& combinator = schema_.combinator(place);
  const auto* about = docs_ == nullptr ? nullptr : docs_->constructor(combinator.name);
  const bool sent = !answered_[place];
  out_.key(name).open('{');
  if (about != nullptr) described(about->description);
  out_.key("type").text("object").key("properties").open('{').key("_cons");
  constant("string", '"' + std::string(combinator.name) + '"');
  brief_ = dialect_ == OpenApi::v3_0;
  properties(combinator, about, sent);
  brief_ = false;
  out_.close('}').key("required").open('[').text("_cons");
  required(combinator, sent);
  out_.close(']').close('}');
}

void OpenApiSchemas::type(std::uint32_t place, std::string_view name) {
  const auto& type = schema_.type(place);
  out_.key(name).open('{');
  if (docs_ != nullptr) described(docs_->type(type.name));
  out_.key("oneOf").open('[');
  for (const auto at : type.constructors) {
    if (const auto* one = names_.constructor(at)) reference(*one, {});
  }
  out_.close(']').key("discriminator").open('{').key("propertyName").text("_cons");
  out_.key("mapping").open('{');
  for (const auto at : type.constructors) {
    const auto* one = names_.constructor(at);
    if (one != nullptr) out_.key(schema_.combinator(at).name).text("#/components/schemas/" + *one);
  }
  out_.close('}').close('}').close('}');
}

void OpenApiSchemas::brief(std::uint32_t place, std::string_view name) {
  out_.key(brief_name(name)).open('{').key("type").text("object");
  out_.key("description").text("One of `" + std::string(name) + "`, with its fields");
  out_.key("properties").open('{').key("_cons").open('{').key("type").text("string");
  out_.key("enum").open('[');
  for (const auto at : schema_.type(place).constructors) {
    if (names_.constructor(at) != nullptr) out_.text(schema_.combinator(at).name);
  }
  out_.close(']').close('}').close('}').key("required").open('[').text("_cons").close(']');
  out_.key("additionalProperties").raw("true").close('}');
}

void OpenApiSchemas::arguments(const Combinator& method) {
  const auto* about = docs_ == nullptr ? nullptr : docs_->method(method.name);
  out_.open('{').key("type").text("object").key("additionalProperties").raw("false");
  out_.key("properties").open('{');
  properties(method, about, true);
  out_.close('}');
  bool all_absent = true;
  for (const auto& field : method.fields) all_absent = all_absent && may_be_absent(field, true);
  if (!all_absent) {  // 3.0 wants at least one there
    out_.key("required").open('[');
    required(method, true);
    out_.close(']');
  }
  out_.close('}');
}

void OpenApiSchemas::properties(const Combinator& combinator, const CombinatorDoc* about,
                                bool sent) {
  for (const auto& field : combinator.fields) {
    if (field.is_flags) continue;
    out_.key(field.name);
    const auto words = about == nullptr ? std::string_view() : about->field(field.name);
    if (combinator.is_function && field.type.kind == Kind::any) {
      reference("AnyCall", words);
    } else {
      value(field.type, sent, words);
    }
  }
}

void OpenApiSchemas::required(const Combinator& combinator, bool sent) {
  for (const auto& field : combinator.fields) {
    if (!may_be_absent(field, sent)) out_.text(field.name);
  }
}

bool OpenApiSchemas::may_be_absent(const Field& field, bool sent) {
  return field.is_flags || field.conditional() || (sent && field.absent != tl::Absent::refused);
}

void OpenApiSchemas::value(TypeRef ref, bool sent, std::string_view description) {
  switch (ref.kind) {
    case Kind::nat:
      return plain(R"("type":"integer","format":"int64","minimum":0)", description);
    case Kind::int32:
      return plain(R"("type":"integer","format":"int32")", description);
    case Kind::float64:
      return plain(R"("type":"number","format":"double")", description);
    case Kind::int64:
      return reference("Long", description);
    case Kind::string:
      return plain(R"("type":"string")", description);
    case Kind::bytes:
    case Kind::int128:
    case Kind::int256:
      return plain(dialect_ == OpenApi::v3_0 ? R"("type":"string","format":"byte")"
                                             : R"("type":"string","contentEncoding":"base64")",
                   description);
    case Kind::boolean:
      return plain(R"("type":"boolean")", description);
    case Kind::true_bit:
      if (sent) return plain(R"("type":"boolean")", description);
      return plain(dialect_ == OpenApi::v3_0 ? R"("type":"boolean","enum":[true])"
                                             : R"("type":"boolean","const":true)",
                   description);
    case Kind::vector:
      out_.open('{');
      described(description);
      out_.key("type").text("array").key("items");
      value(schema_.element(ref.index), sent);
      out_.close('}');
      return;
    case Kind::boxed:
    case Kind::bare:
    case Kind::any:
      return named(ref, sent, description);
  }
}

void OpenApiSchemas::named(TypeRef ref, bool sent, std::string_view description) {
  if (ref.kind == Kind::any) return reference("AnyObject", description);
  const std::string* name = nullptr;
  if (ref.kind == Kind::bare) {
    name = names_.constructor(ref.index);
  } else if (sent && is_peer(ref)) {
    return reference(peer_schema(ref), description);
  } else if (const auto* only = names_.only(ref.index)) {
    name = names_.constructor(*only);
  } else {
    name = names_.type(ref.index);
  }
  if (name == nullptr) return reference("AnyObject", description);
  const bool several = ref.kind == Kind::boxed && name == names_.type(ref.index);
  reference(brief_ && several ? brief_name(*name) : *name, description);
}

void OpenApiSchemas::constant(std::string_view type, std::string_view json) {
  out_.open('{').key("type").text(type);
  if (dialect_ == OpenApi::v3_0) {
    out_.key("enum").open('[').raw(json).close(']');
  } else {
    out_.key("const").raw(json);
  }
  out_.close('}');
}

void OpenApiSchemas::plain(std::string_view members, std::string_view description) {
  out_.open('{').raw(members);
  described(description);
  out_.close('}');
}

void OpenApiSchemas::reference(std::string_view name, std::string_view description) {
  out_.open('{').key("$ref").text("#/components/schemas/" + std::string(name));
  if (dialect_ == OpenApi::v3_1) described(description);
  out_.close('}');
}

void OpenApiSchemas::described(std::string_view html) {
  if (html.empty()) return;
  out_.key("description").text(doc_text(html));
}

bool OpenApiSchemas::is_peer(TypeRef ref) const { return !peer_schema(ref).empty(); }

std::string_view OpenApiSchemas::peer_schema(TypeRef ref) const {
  if (ref.kind != Kind::boxed) return {};
  const auto& name = schema_.type(ref.index).name;
  if (name == "InputPeer") return "AnyPeerOrName";
  if (name == "InputUser") return "AnyUserOrName";
  return name == "InputChannel" ? "AnyChannelOrName" : std::string_view();
}

}  // namespace server::docs
