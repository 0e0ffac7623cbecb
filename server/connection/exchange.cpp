#include "server/connection/exchange.hpp"

namespace server {

std::size_t Exchange::weight() const {
  auto size = sizeof *this + heap_size(request) + heap_size(encoding);
  size += body.size() + sent_bytes + reply.size();  // room that was never written to is none
  return size;
}

}  // namespace server
