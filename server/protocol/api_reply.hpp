// A reply in the shape of the HTTP API, which users of the Bot API know:
//   {"ok":true,"result":…}
//   {"ok":false,"error_code":420,"description":"FLOOD_WAIT_30","parameters":{"retry_after":30}}
#pragma once

#include <optional>
#include <string>

#include "server/protocol/api_status.hpp"
#include "server/protocol/protocol.hpp"

namespace server {

// The same reply as write_reply() writes, but for `id`, `@extra` and what the client chose of its
// connection. None where write_message() went back on it: then nothing was written.
std::optional<ApiStatus> write_api_reply(const Reply&, LongText& out);

// Of a request that came to no connection.
std::string api_refusal(unsigned status, const Failure&, bool with_traceback = false);

// Where an error is, of the arguments alone: "/message/peer" is "/peer", and "?dc" the query's.
std::string api_path(std::string_view path);

}  // namespace server
