// A layer for people's tools: every method, constructor and type of its own file with fields,
// descriptions and possible errors, as one compact JSON object.
//
//   {"layer":228,"layers":[228,227],"types":{"InputPeer":"Peer"},"errors":{NAME:DESCRIPTION},
//    "constructors":[COMBINATOR…],"methods":[COMBINATOR…]}
//
//   COMBINATOR  {"name":"messages.sendMessage","id":"0x545cd15a","type":"Updates","vector":1,
//                "doc":"…","fields":[FIELD…],"errors":[[400,"PEER_ID_INVALID"]],"for":"user"}
//   FIELD       {"name":"reply_to","type":"InputReplyTo","vector":1,"flag":"flags.0","doc":"…"}
//
// `type` is without its Vectors, whose depth `vector` is. What is empty or unknown is left out.
// `#` fields are, too. Texts may hold HTML.
#pragma once

#include <string>

#include "server/config/schemes.hpp"
#include "server/docs/scheme_docs.hpp"

namespace server::docs {

// `docs` may be null.
std::string scheme_json(const Schemes& all, const Scheme& one, const SchemeDocs* docs);

}  // namespace server::docs
