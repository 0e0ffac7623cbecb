#include "tl/writer.hpp"

#include "tl/reader.hpp"

namespace tl {

Writer& Writer::bytes(ByteView value) {
  const auto size = value.size();
  const std::size_t header = size < 254 ? 1 : 4;
  const auto whole = (header + size + 3) & ~std::size_t{3};
  const auto at = out_.size();
  out_.resize(at + whole);
  auto* to = out_.data() + at;
  if (header == 1) {
    to[0] = static_cast<std::uint8_t>(size);
  } else {
    to[0] = 254;
    to[1] = static_cast<std::uint8_t>(size);
    to[2] = static_cast<std::uint8_t>(size >> 8);
    to[3] = static_cast<std::uint8_t>(size >> 16);
  }
  if (size != 0) std::memcpy(to + header, value.data(), size);
  return *this;
}

Writer& Writer::boolean(bool value) { return nat(value ? bool_true_id : bool_false_id); }

Writer& Writer::vector(std::uint32_t count) { return nat(vector_id).nat(count); }

}  // namespace tl
