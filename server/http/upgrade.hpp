// What asks for a WebSocket, looked at before anything is agreed on. RFC 6455 section 4.2.1.
#pragma once

#include "server/channel/web_socket.hpp"
#include "server/http/head.hpp"
#include "server/http/response.hpp"
#include "tl/result.hpp"

namespace server::http {

// The handshake, or the response that refuses it.
tl::Result<channel::Handshake, Response> read_handshake(const Head&);

}  // namespace server::http
