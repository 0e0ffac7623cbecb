#include "server/connection/encode_work.hpp"

#include <algorithm>
#include <array>
#include <memory_resource>

#include "mtproto/crypto/system_random.hpp"
#include "mtproto/session/session.hpp"
#include "server/protocol/message_text.hpp"
#include "tl/encode_quickly.hpp"
#include "tl/json_reader.hpp"

namespace server {

std::size_t heap_size(const tl::Encoding& encoding) {
  auto size = encoding.drawn.capacity() * sizeof(std::int64_t);
  size += (encoding.ignored.capacity() + encoding.lacking.capacity()) * sizeof(std::string);
  for (const auto& path : encoding.ignored) size += path.capacity();
  for (const auto& name : encoding.lacking) size += name.capacity();
  return size;
}

namespace {

// Of what is out of the ordinary values are made, and are gone with this: in a message that was not
// read nothing stands for a `_seqno`.
EncodedMessage encode_text(const tl::Schema& schema, const tl::Value& message,
                           const tl::EncodeOptions& how, tl::Bytes body) {
  std::string name(message_name(message));
  if (auto encoding = tl::encode_quickly(schema, message.text(), how, body)) {
    return {std::move(*encoding), std::move(body), {}, std::move(name)};
  }
  std::array<std::byte, 2048> room;
  std::pmr::monotonic_buffer_resource arena(room.data(), room.size());
  const auto value = tl::read_json(message.text(), arena);
  auto encoding = tl::encode(schema, value.value_or(tl::Value()), how, body);
  return {std::move(encoding), std::move(body), {}, std::move(name)};
}

}  // namespace

EncodedMessage encode_message(const tl::Schema& schema, const tl::Value& message,
                              tl::EncodeOptions how, tl::Bytes body) {
  how.longest = mtproto::max_body;
  body.clear();
  if (is_unread(message)) return encode_text(schema, message, how, std::move(body));
  auto encoding = tl::encode(schema, message, how, body);
  return {std::move(encoding), std::move(body), message["_seqno"],
          std::string(message.constructor())};
}

std::size_t EncodeWork::room(const RequestArena& arena) {
  // `[1,1,…` becomes eight bytes each; what is longer than a packet holds is not gone on with.
  constexpr std::size_t longest = mtproto::max_body + (std::size_t{64} << 10);
  return std::min(longest, 4 * arena.size());
}

EncodeWork::EncodeWork(Message message, MemoryShare share)
    : message_(std::move(message)), share_(std::move(share)) {}

void EncodeWork::run() {
  mtproto::SystemRandom random;
  tl::EncodeOptions how;
  how.ignore_unknown = message_.ignore_unknown;
  how.random = &random;
  how.peers = &message_.names;
  tl::Bytes body;
  body.reserve(room(*message_.arena));  // so that growing moves nothing
  encoded_ = std::make_unique<EncodedMessage>(
      encode_message(*message_.schema, message_.value, how, std::move(body)));
  encoded_->body.shrink_to_fit();
}

}  // namespace server
