#include "server/connection/client_request.hpp"

#include "tl/bytes.hpp"

namespace server {

std::size_t ClientRequest::memory_usage() const {
  auto size = sizeof *this + heap_size(request) + heap_size(encoding);
  size += send.after.capacity() * sizeof(mtproto::RequestId);
  size += body.capacity() + sent_bytes + reply.memory_usage();
  return size;
}

void ClientRequest::finish() {
  state = State::finished;
  tl::release(request.after);
  tl::release(send.after);
  body = {};
  sent_bytes = 0;
}

}  // namespace server
