#include "mtproto/exchange/plain_message.hpp"

#include "tl/reader.hpp"
#include "tl/writer.hpp"

namespace mtproto {

tl::Result<PlainMessage> parse_plain_message(tl::ByteView packet) {
  tl::Reader in(packet);
  const auto auth_key_id = in.int64();
  const MessageId id(static_cast<std::uint64_t>(in.int64()));
  const auto length = in.nat();
  if (!in) return make_error_code(errc::packet_too_short);
  if (auth_key_id != 0) return make_error_code(errc::wrong_auth_key);
  if (length == 0 || length % 4 != 0 || length > in.left()) {
    return make_error_code(errc::bad_message_length);
  }
  return PlainMessage{id, in.raw(length)};
}

void write_plain_message(MessageId id, tl::ByteView body, tl::Bytes& out) {
  tl::Writer(out)
      .int64(0)
      .int64(static_cast<std::int64_t>(id.value()))
      .nat(static_cast<std::uint32_t>(body.size()))
      .raw(body);
}

}  // namespace mtproto
