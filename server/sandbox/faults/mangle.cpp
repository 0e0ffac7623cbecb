#include "server/sandbox/faults/mangle.hpp"

#include <algorithm>

#include "mtproto/message/container.hpp"
#include "mtproto/message/envelope.hpp"
#include "tl/reader.hpp"

namespace server::sandbox {
namespace {

constexpr std::size_t sealed_head = 24;  // auth_key_id, msg_key
constexpr std::size_t block = 16;
constexpr std::size_t plain_head = 20;  // zeros, msg_id, length

// Even where it should be odd: Telegram's error 35 for a call.
std::uint32_t wrong_seqno(std::uint32_t seqno) { return seqno & ~1U; }

tl::Bytes with_wrong_numbers(tl::ByteView body) {
  tl::Bytes out;
  auto inner = mtproto::read_container(body);
  if (!inner) return {body.begin(), body.end()};
  for (auto& message : *inner) message.seqno = wrong_seqno(message.seqno);
  mtproto::write_container(*inner, out);
  return out;
}

}  // namespace

bool is_sealed(tl::ByteView packet) {
  return packet.size() >= sealed_head && mtproto::named_key(packet).value() != 0;
}

tl::ByteView without_padding(tl::ByteView packet) {
  if (is_sealed(packet)) {
    return packet.first(packet.size() - (packet.size() - sealed_head) % block);
  }
  if (packet.size() < plain_head) return packet.first(packet.size() / 4 * 4);
  tl::Reader length(packet.subspan(plain_head - 4));
  const auto whole = plain_head + std::size_t{length.nat()};
  return packet.first(std::min(packet.size(), whole) / 4 * 4);
}

std::optional<tl::Bytes> mangle(const mtproto::AuthKey& key, tl::ByteView packet, Wrong what,
                                tl::Random& random) {
  tl::Bytes copy(packet.begin(), packet.end());
  auto opened = mtproto::open(key, mtproto::Side::client, std::move(copy), false);
  if (!opened) return {};
  auto head = opened->head;
  tl::Bytes body(opened->body().begin(), opened->body().end());
  if (what == Wrong::salt) {
    head.salt = ~head.salt;
  } else if (tl::Reader(body).peek() == mtproto::msg_container_id) {
    body = with_wrong_numbers(body);
  } else {
    head.seqno = wrong_seqno(head.seqno);
  }
  tl::Bytes out;
  mtproto::seal(key, mtproto::Side::client, head, body, random, out);
  return out;
}

}  // namespace server::sandbox
