#include "server/account/answer_text.hpp"

#include "server/account/metered_text.hpp"

namespace server {

std::optional<Failure> append_text(MemoryMeter& meter, const tl::Schema& schema, tl::TypeRef due,
                                   tl::ByteView body, tl::Notation notation, std::string& out,
                                   tl::GivenLongs* given) {
  MeteredText room(meter);
  const auto decoded = tl::decode_text_within(room, schema, due, body, notation, out, given);
  if (decoded == tl::Decoded::too_long) return room.failure();
  return {};
}

}  // namespace server
