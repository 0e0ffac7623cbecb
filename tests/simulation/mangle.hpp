// A client's packet, opened with its key, spoilt so that a host has to refuse it, and sealed again.
#pragma once

#include <optional>

#include "mtproto/message/container.hpp"
#include "mtproto/message/envelope.hpp"
#include "tl/reader.hpp"

namespace simulation {

// Without what a padded framing leaves behind it.
inline tl::ByteView without_padding(tl::ByteView packet) {
  constexpr std::size_t sealed_head = 24;
  constexpr std::size_t plain_head = 20;
  if (packet.size() < plain_head) return packet.first(4);  // what is said in four bytes
  if (mtproto::named_key(packet).value() != 0) {
    return packet.first(packet.size() - (packet.size() - sealed_head) % 16);
  }
  const auto length = tl::Reader(packet.subspan(plain_head - 4)).peek();
  return packet.first(std::min<std::size_t>(packet.size(), plain_head + length));
}

enum class Wrong : std::uint8_t { salt, seqno, container };

inline std::optional<tl::Bytes> mangle(const mtproto::AuthKey& key, tl::ByteView packet, Wrong what,
                                       tl::Random& random) {
  auto opened =
      mtproto::open(key, mtproto::Side::client, tl::Bytes(packet.begin(), packet.end()), false);
  if (!opened) return {};
  auto head = opened->head;
  tl::Bytes body(opened->body().begin(), opened->body().end());
  auto inner = mtproto::read_container(opened->body());
  if (what == Wrong::salt) {
    head.salt = ~head.salt;
  } else if (what == Wrong::container) {
    body[4] ^= 0xff;  // says of more messages than there are
    body[5] ^= 0xff;
  } else if (inner) {
    for (auto& message : *inner) message.seqno &= ~1U;
    body.clear();
    mtproto::write_container(*inner, body);
  } else {
    head.seqno &= ~1U;
  }
  tl::Bytes out;
  mtproto::seal(key, mtproto::Side::client, head, body, random, out);
  return out;
}

}  // namespace simulation
