// The methods of a layer as paths of an OpenAPI document: a POST each, and a GET for those that
// change nothing.
#pragma once

#include "server/docs/json_writer.hpp"
#include "server/docs/openapi_schemas.hpp"
#include "server/docs/scheme_docs.hpp"
#include "tl/schema.hpp"

namespace server::docs {

class OpenApiMethods {
 public:
  // `docs` may be null. All of them have to outlive this.
  OpenApiMethods(const tl::Schema& schema, const SchemeDocs* docs, OpenApiSchemas& schemas,
                 JsonWriter& out)
      : schema_(schema), docs_(docs), schemas_(schemas), out_(out) {}

  // The members of paths.
  void all();
  // The items of tags.
  void tags();

 private:
  void path(const tl::Combinator&);
  void post(const tl::Combinator&, const CombinatorDoc*);
  void get(const tl::Combinator&, const CombinatorDoc*);
  void words(const tl::Combinator&, const CombinatorDoc*);
  void parameter(const tl::Field&, const CombinatorDoc*);
  void responses(const tl::Combinator&);

  const tl::Schema& schema_;
  const SchemeDocs* docs_;
  OpenApiSchemas& schemas_;
  JsonWriter& out_;
};

}  // namespace server::docs
