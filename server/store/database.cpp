#include "server/store/database.hpp"

namespace server::store {

std::optional<std::int64_t> Cell::optional_number() const {
  const auto* number = std::get_if<std::int64_t>(&value_);
  if (number == nullptr) return std::nullopt;
  return *number;
}

tl::ByteView Cell::blob() const {
  const auto* bytes = std::get_if<tl::Bytes>(&value_);
  return bytes == nullptr ? tl::ByteView() : tl::ByteView(*bytes);
}

}  // namespace server::store
