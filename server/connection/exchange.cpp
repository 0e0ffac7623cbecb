#include "server/connection/exchange.hpp"

namespace server {

std::size_t Exchange::weight() const {
  auto size = sizeof *this + heap_size(request) + heap_size(encoding);
  size += body.capacity() + sent_bytes + reply.size();
  return size;
}

}  // namespace server
