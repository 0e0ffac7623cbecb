#include "server/connection/client_request.hpp"

namespace server {

std::size_t ClientRequest::memory_usage() const {
  auto size = sizeof *this + heap_size(request) + heap_size(encoding);
  size += body.capacity() + sent_bytes + reply.memory_usage();
  return size;
}

}  // namespace server
