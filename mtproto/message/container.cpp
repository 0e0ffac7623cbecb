#include "mtproto/message/container.hpp"

#include "tl/reader.hpp"
#include "tl/writer.hpp"

namespace mtproto {

void write_container(std::span<const InnerMessage> messages, tl::Bytes& out) {
  tl::Writer write(out);
  write.nat(msg_container_id).nat(static_cast<std::uint32_t>(messages.size()));
  for (const auto& message : messages) {
    write.int64(static_cast<std::int64_t>(message.id.value()))
        .nat(message.seqno)
        .nat(static_cast<std::uint32_t>(message.body.size()))
        .raw(message.body);
  }
}

tl::Result<std::vector<InnerMessage>> read_container(tl::ByteView body) {
  tl::Reader read(body);
  read.expect(msg_container_id);
  const auto count = read.nat();
  if (!read || count > max_container_messages || count > read.left() / inner_message_head) {
    return errc::bad_container;
  }
  std::vector<InnerMessage> messages;
  messages.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    InnerMessage message;
    message.id = MessageId(static_cast<std::uint64_t>(read.int64()));
    message.seqno = read.nat();
    const auto size = read.nat();
    if (size % 4 != 0 || size > read.left()) return errc::bad_container;
    message.body = read.raw(size);
    if (tl::Reader(message.body).peek() == msg_container_id) return errc::bad_container;
    messages.push_back(message);
  }
  if (!read) return errc::bad_container;
  return messages;
}

}  // namespace mtproto
