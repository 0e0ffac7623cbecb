#include "mtproto/message/bind_message.hpp"

#include <algorithm>

#include "mtproto/message/envelope.hpp"

namespace mtproto {
namespace {

constexpr std::size_t head = 24;  // perm_auth_key_id, msg_key
constexpr std::size_t inner_size = 40;
constexpr std::size_t plain_size = 72;
constexpr std::size_t padded_size = 80;

}  // namespace

MessageKey message_key_v1(ByteView plaintext) {
  const auto hash = sha1({plaintext});
  MessageKey out{};
  std::copy_n(hash.begin() + 4, out.size(), out.begin());
  return out;
}

// A = SHA1(msg_key | ak[x : x+32])        B = SHA1(ak[32+x : 48+x] | msg_key | ak[48+x : 64+x])
// C = SHA1(ak[64+x : 96+x] | msg_key)     D = SHA1(msg_key | ak[96+x : 128+x])
// key = A[0:8] | B[8:20] | C[4:16]        iv = A[8:20] | B[0:8] | C[16:20] | D[0:8]
MessageAes message_aes_v1(const AuthKey& auth_key, Side from, const MessageKey& msg_key) {
  const std::size_t x = from == Side::client ? 0 : 8;
  const ByteView ak = auth_key.bytes();
  auto a = sha1({msg_key, ak.subspan(x, 32)});
  auto b = sha1({ak.subspan(32 + x, 16), msg_key, ak.subspan(48 + x, 16)});
  auto c = sha1({ak.subspan(64 + x, 32), msg_key});
  auto d = sha1({msg_key, ak.subspan(96 + x, 32)});
  MessageAes out;
  auto to = out.key.bytes().begin();
  to = std::copy_n(a.begin(), 8, to);
  to = std::copy_n(b.begin() + 8, 12, to);
  std::copy_n(c.begin() + 4, 12, to);
  to = out.iv.bytes().begin();
  to = std::copy_n(a.begin() + 8, 12, to);
  to = std::copy_n(b.begin(), 8, to);
  to = std::copy_n(c.begin() + 16, 4, to);
  std::copy_n(d.begin(), 8, to);
  for (auto* hash : {&a, &b, &c, &d}) wipe(*hash);
  return out;
}

Bytes seal_binding(const AuthKey& permanent, const BindAuthKeyInner& inner, MessageId message,
                   tl::Random& random) {
  Bytes out;
  out.reserve(head + padded_size);
  tl::Writer write(out);
  write.int64(static_cast<std::int64_t>(permanent.id().value()));
  out.resize(head + 16);
  random.fill(std::span(out).subspan(head));
  write.int64(static_cast<std::int64_t>(message.value())).nat(0).nat(inner_size);
  write.raw(write_service(inner));
  const auto msg_key = message_key_v1(ByteView(out).subspan(head));
  out.resize(head + padded_size);
  random.fill(std::span(out).subspan(head + plain_size));
  std::copy(msg_key.begin(), msg_key.end(), out.begin() + 8);
  const auto aes = message_aes_v1(permanent, Side::client, msg_key);
  ige_encrypt(aes.key, aes.iv, std::span(out).subspan(head));
  return out;
}

tl::Result<OpenedBinding> open_binding(const AuthKey& permanent, ByteView encrypted_message) {
  if (encrypted_message.size() != head + padded_size) return errc::packet_bad_length;
  if (named_key(encrypted_message) != permanent.id()) return errc::wrong_auth_key;
  MessageKey msg_key{};
  std::copy_n(encrypted_message.begin() + 8, msg_key.size(), msg_key.begin());
  Bytes plain(encrypted_message.begin() + head, encrypted_message.end());
  const auto aes = message_aes_v1(permanent, Side::client, msg_key);
  ige_decrypt(aes.key, aes.iv, plain);
  const auto said = ByteView(plain).first(plain_size);
  if (!same_secret(message_key_v1(said), msg_key)) return errc::bad_msg_key;
  tl::Reader read(said.subspan(16));
  OpenedBinding out;
  out.message = MessageId(static_cast<std::uint64_t>(read.int64()));
  if (read.nat() != 0 || read.nat() != inner_size) return errc::malformed_message;
  const auto inner = read_service<BindAuthKeyInner>(read.rest());
  if (!inner) return inner.error();
  out.inner = *inner;
  return out;
}

}  // namespace mtproto
