// Responses of /api/v1, with the headers that go with their status.
#pragma once

#include "server/http/response.hpp"
#include "server/protocol/api_status.hpp"
#include "server/protocol/failure.hpp"

namespace server::http {

// Its `text` is to be written.
Response api_response(ApiStatus status);
// {"ok":false,…}
Response api_refusal_response(unsigned status, const Failure&);

}  // namespace server::http
