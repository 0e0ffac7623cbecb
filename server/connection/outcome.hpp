// What a request came to, for as long as its reply is being written.
#pragma once

#include <string>
#include <string_view>

#include "server/protocol/failure.hpp"
#include "tl/bytes.hpp"
#include "tl/schema.hpp"
#include "tl/text_parts.hpp"

namespace server {

struct Outcome {
  std::string_view message;            // JSON text …
  tl::TextParts* parts = nullptr;      // … or a large one, to be used up …
  tl::ByteView body;                   // … or the answer's bytes …
  const tl::Schema* schema = nullptr;  // … in this scheme
  std::string_view signin;             // JSON text
  std::string_view hint;               // what is behind a refusal, in words
  const Failure* failure = nullptr;
  bool answered = false;  // it is Telegram's answer …
  bool refused = false;   // … an rpc_error
};

}  // namespace server
