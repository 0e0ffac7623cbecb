#include "mtproto/message/envelope.hpp"

#include <cstring>

#include "mtproto/message/kdf.hpp"
#include "tl/reader.hpp"
#include "tl/writer.hpp"

namespace mtproto {
namespace {

constexpr std::size_t outer_head = 24;  // auth_key_id, msg_key
constexpr std::size_t inner_head = 32;  // salt, session_id, msg_id, seqno, length
constexpr std::size_t least_padding = 12;
constexpr std::size_t most_padding = 1024;
constexpr std::size_t block = 16;

}  // namespace

ByteView Opened::body() const {
  return ByteView(packet).subspan(outer_head + inner_head, body_size);
}

void seal(const AuthKey& key, Side from, const MessageHead& head, ByteView body, tl::Random& random,
          Bytes& out) {
  const auto start = out.size();
  const auto least = inner_head + body.size() + least_padding;
  const auto plain_size = (least + block - 1) / block * block;
  out.resize(start + outer_head + plain_size);
  auto* at = out.data() + start;
  const auto put = [&at](const auto& value) {
    std::memcpy(at, &value, sizeof value);
    at += sizeof value;
  };
  put(key.id().value());
  at += sizeof(MessageKey);
  put(head.salt);
  put(head.session.value());
  put(head.id.value());
  put(head.seqno);
  put(static_cast<std::uint32_t>(body.size()));
  if (!body.empty()) std::memcpy(at, body.data(), body.size());
  at += body.size();
  random.fill({at, out.data() + out.size()});

  const auto plain = std::span(out).subspan(start + outer_head);
  const auto msg_key = message_key(message_key_large(key, from, plain));
  std::copy(msg_key.begin(), msg_key.end(), out.begin() + static_cast<std::ptrdiff_t>(start) + 8);
  const auto aes = message_aes(key, from, msg_key);
  ige_encrypt(aes.key, aes.iv, plain);
}

AuthKeyId named_key(ByteView packet) {
  tl::Reader read(packet);
  return AuthKeyId(static_cast<std::uint64_t>(read.int64()));
}

tl::Result<Opened> open(const AuthKey& key, Side from, tl::Slice packet, bool padded) {
  if (packet.size() < outer_head + inner_head + block) return errc::packet_too_short;
  const auto excess = (packet.size() - outer_head) % block;
  if (excess != 0) {
    if (!padded) return errc::packet_bad_length;
    packet.narrow(0, packet.size() - excess);
  }
  if (named_key(packet) != key.id()) return errc::wrong_auth_key;

  MessageKey msg_key{};
  std::memcpy(msg_key.data(), packet.data() + 8, msg_key.size());
  const auto plain = packet.bytes().subspan(outer_head);
  const auto aes = message_aes(key, from, msg_key);
  ige_decrypt(aes.key, aes.iv, plain);
  const auto large = message_key_large(key, from, plain);
  if (!same_secret(message_key(large), msg_key)) return errc::bad_msg_key;

  tl::Reader read(plain);
  Opened opened;
  opened.head.salt = static_cast<std::uint64_t>(read.int64());
  opened.head.session = SessionId(static_cast<std::uint64_t>(read.int64()));
  opened.head.id = MessageId(static_cast<std::uint64_t>(read.int64()));
  opened.head.seqno = read.nat();
  const auto length = read.nat();
  if (length % 4 != 0 || length > plain.size() - inner_head) return errc::bad_message_length;
  const auto padding = plain.size() - inner_head - length;
  if (padding < least_padding || padding > most_padding) return errc::bad_padding;
  opened.quick_ack = quick_ack_token(large);
  opened.body_size = length;
  opened.packet = std::move(packet);
  return opened;
}

tl::Result<void> check_from_server(const MessageHead& head, SessionId session) {
  if (head.session != session) return errc::wrong_session;
  if (head.id.value() % 2 == 0) return errc::bad_message_id;
  return {};
}

std::optional<std::int32_t> transport_error(ByteView packet, bool padded) {
  const auto longest = padded ? std::size_t{4 + 15} : std::size_t{4};
  if (packet.size() < 4 || packet.size() > longest) return {};
  tl::Reader read(packet);
  const auto code = read.int32();
  if (code >= 0) return {};
  return code;
}

boost::system::error_code transport_error_code(std::int32_t code) {
  switch (code) {
    case -404:
      return errc::auth_key_not_found;
    case -429:
      return errc::transport_flood;
    case -444:
      return errc::wrong_data_centre;
    default:
      return errc::transport_error;
  }
}

}  // namespace mtproto
