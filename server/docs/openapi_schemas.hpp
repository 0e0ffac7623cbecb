// The schemas of an OpenAPI document: one of each constructor of the layer, one of each type that
// has several, and what values are written as.
#pragma once

#include <string_view>
#include <vector>

#include "server/docs/json_writer.hpp"
#include "server/docs/openapi_dialect.hpp"
#include "server/docs/openapi_names.hpp"
#include "server/docs/scheme_docs.hpp"
#include "tl/schema.hpp"

namespace server::docs {

class OpenApiSchemas {
 public:
  // `docs` may be null. All of them have to outlive this.
  OpenApiSchemas(const tl::Schema& schema, const SchemeDocs* docs, OpenApi dialect,
                 JsonWriter& out);

  // The members of components.schemas that are of the scheme.
  void all();
  // The schema of a method's arguments as one object.
  void arguments(const tl::Combinator& method);
  // The schema of a value. `sent`: by a client only, who may write shorter what it may.
  void value(tl::TypeRef, bool sent, std::string_view description = {});
  // A schema of only this one value, which is JSON.
  void constant(std::string_view type, std::string_view json);

  // Whether a client may leave it out.
  static bool may_be_absent(const tl::Field&, bool sent);
  // Whether a name may stand in its place.
  bool is_peer(tl::TypeRef) const;

 private:
  void peers();
  void constructor(std::uint32_t place, std::string_view name);
  void type(std::uint32_t place, std::string_view name);
  void brief(std::uint32_t place, std::string_view name);
  void properties(const tl::Combinator&, const CombinatorDoc*, bool sent);
  void required(const tl::Combinator&, bool sent);
  void plain(std::string_view members, std::string_view description);
  void reference(std::string_view name, std::string_view description);
  void described(std::string_view html);
  std::string_view peer_schema(tl::TypeRef) const;
  void named(tl::TypeRef, bool sent, std::string_view description);

  const tl::Schema& schema_;
  const SchemeDocs* docs_;
  OpenApi dialect_;
  JsonWriter& out_;
  OpenApiNames names_;
  std::vector<bool> answered_;
  bool brief_ = false;  // a type of several constructors is due in its brief form
};

}  // namespace server::docs
