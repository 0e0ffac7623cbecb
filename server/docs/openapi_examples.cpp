#include "server/docs/openapi_examples.hpp"

#include <string_view>

#include "server/docs/openapi_names.hpp"

namespace server::docs {
namespace {

using tl::Combinator;
using tl::Kind;
using tl::TypeRef;

constexpr int deepest = 5;
constexpr std::string_view bytes_16 = "AAAAAAAAAAAAAAAAAAAAAA==";
constexpr std::string_view bytes_32 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

class ExampleWriter {
 public:
  ExampleWriter(const tl::Schema& schema, JsonWriter& out) : schema_(schema), out_(out) {}

  void fields(const Combinator& combinator) {
    for (const auto& field : combinator.fields) {
      if (field.is_flags || field.conditional() || field.absent != tl::Absent::refused) continue;
      out_.key(field.name);
      if (field.name == "message" && field.type.kind == Kind::string) {
        out_.text("hello");
      } else {
        value(field.type);
      }
    }
  }

 private:
  void value(TypeRef ref) {
    switch (ref.kind) {
      case Kind::nat:
      case Kind::int32:
      case Kind::float64:
        out_.raw("0");
        return;
      case Kind::int64:
        out_.text("0");
        return;
      case Kind::string:
        out_.text("text");
        return;
      case Kind::bytes:
        out_.text("AA==");
        return;
      case Kind::int128:
        out_.text(bytes_16);
        return;
      case Kind::int256:
        out_.text(bytes_32);
        return;
      case Kind::boolean:
      case Kind::true_bit:
        out_.raw("true");
        return;
      case Kind::vector:
        out_.open('[');
        value(schema_.element(ref.index));
        out_.close(']');
        return;
      case Kind::bare:
        return object(schema_.combinator(ref.index));
      case Kind::boxed:
        return boxed(ref);
      case Kind::any:
        out_.raw(R"({"_cons":"help.getNearestDc"})");
        return;
    }
  }

  void boxed(TypeRef ref) {
    const auto& type = schema_.type(ref.index);
    const bool peer =
        type.name == "InputPeer" || type.name == "InputUser" || type.name == "InputChannel";
    if (peer && depth_ == 0) {  // what is also answered takes no names
      out_.text("@echobot");
      return;
    }
    const Combinator* shortest = nullptr;
    for (const auto at : type.constructors) {
      const auto& one = schema_.combinator(at);
      if (OpenApiNames::is_hidden(one.name)) continue;
      if (shortest == nullptr || one.fields.size() < shortest->fields.size()) shortest = &one;
    }
    if (shortest != nullptr) return object(*shortest);
    out_.open('{').close('}');
  }

  void object(const Combinator& combinator) {
    out_.open('{').key("_cons").text(combinator.name);
    if (++depth_ < deepest) fields(combinator);
    --depth_;
    out_.close('}');
  }

  const tl::Schema& schema_;
  JsonWriter& out_;
  int depth_ = 0;
};

}  // namespace

void write_example(const tl::Schema& schema, const Combinator& method, JsonWriter& out) {
  out.open('{');
  ExampleWriter(schema, out).fields(method);
  out.close('}');
}

}  // namespace server::docs
