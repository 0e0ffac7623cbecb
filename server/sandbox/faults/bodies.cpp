#include "server/sandbox/faults/bodies.hpp"

#include "mtproto/message/gzip.hpp"
#include "tl/writer.hpp"

namespace server::sandbox {

tl::Bytes unknown_constructor() {
  tl::Bytes out;
  tl::Writer(out).nat(0xfa017000).nat(1).bytes(std::string_view("nobody knows this"));
  return out;
}

const tl::Bytes& gzip_bomb() {
  constexpr std::size_t unpacked = std::size_t{100} << 20;  // clients give up at 64 MiB or before
  static const tl::Bytes bomb = mtproto::pack_gzip(tl::Bytes(unpacked)).value_or(tl::Bytes{});
  return bomb;
}

}  // namespace server::sandbox
