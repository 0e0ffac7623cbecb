// The other end of a Session or a Host, moved by hand: what the machine under test wrote is opened
// and laid out message by message, and anything at all can be said back under the right key.
#pragma once

#include <chrono>
#include <optional>
#include <variant>
#include <vector>

#include "mtproto/framing/transport.hpp"
#include "mtproto/message/container.hpp"
#include "mtproto/message/fields.hpp"
#include "mtproto/message/message_ids.hpp"
#include "mtproto/message/sequence.hpp"
#include "mtproto/message/unpack.hpp"
#include "tests/support/scripted_random.hpp"

namespace support {

using namespace std::chrono_literals;

inline mtproto::AuthKey fixed_key(std::uint64_t seed = 7) {
  ScriptedRandom random(seed);
  std::array<std::uint8_t, 256> bytes{};
  random.fill(bytes);
  return mtproto::AuthKey(bytes);
}

// 2023-11-14
inline const mtproto::UnixTime noon{std::chrono::seconds{1'700'000'000}};
inline const mtproto::Time start{std::chrono::hours{5}};

struct Heard {
  mtproto::MessageHead head;  // of the packet
  bool container = false;
  mtproto::MessageId id;
  std::uint32_t seqno = 0;
  tl::Bytes body;

  std::uint32_t constructor() const { return tl::Reader(body).peek(); }
};

class Peer {
 public:
  // `side` is who we play.
  Peer(mtproto::Side side_in, mtproto::AuthKey key_in, mtproto::Transport transport_in)
      : side(side_in), key(std::move(key_in)), transport(std::move(transport_in)) {}

  static Peer server(mtproto::AuthKey key, tl::Random& random) {
    return {mtproto::Side::server, std::move(key), mtproto::Transport::server(random)};
  }
  static Peer client(mtproto::AuthKey key, tl::Random& random,
                     mtproto::ClientTransport transport = {}) {
    Peer peer{mtproto::Side::client, std::move(key), mtproto::Transport::client(transport, random)};
    peer.session = mtproto::SessionId(0x5e55);
    return peer;
  }

  // Packets that are no messages of this key end up in `plain`.
  std::vector<Heard> hear(tl::ByteView bytes) {
    std::vector<Heard> out;
    transport.feed(bytes);
    for (;;) {
      auto next = transport.next();
      if (!next || !*next) return out;
      auto packet = std::move(**next);
      const auto other =
          side == mtproto::Side::server ? mtproto::Side::client : mtproto::Side::server;
      auto opened = mtproto::open(key, other, packet.payload, padded());
      if (!opened) {
        plain.emplace_back(packet.payload.begin(), packet.payload.end());
        continue;
      }
      auto incoming = mtproto::unpack(std::move(*opened), key.id(), std::size_t{64} << 20);
      if (side == mtproto::Side::server) session = incoming.head.session;
      for (const auto& message : incoming.messages) {
        out.push_back({incoming.head, incoming.container, message.id, message.seqno,
                       tl::Bytes(message.body.begin(), message.body.end())});
      }
    }
  }

  mtproto::MessageId next_id(mtproto::MessageKind kind) { return ids.next(wall, kind, random); }

  // Bytes for the machine: one packet that holds `body` alone.
  tl::Bytes say_as(mtproto::MessageId id, std::uint32_t seqno, tl::ByteView body) {
    last = id;
    tl::Bytes packet;
    mtproto::seal(key, side, {salt, session, id, seqno}, body, random, packet);
    return frame(packet);
  }
  tl::Bytes say(tl::ByteView body, bool content = true,
                std::optional<mtproto::MessageKind> kind = {}) {
    if (!kind) {
      kind = side == mtproto::Side::client ? mtproto::MessageKind::from_client
                                           : mtproto::MessageKind::answer;
    }
    const auto id = next_id(*kind);
    return say_as(id, sequence.next(content), body);
  }
  template <class T>
  tl::Bytes say(const T& message, bool content = false) requires requires {
    T::id;
  }
  { return say(tl::ByteView(mtproto::write_service(message)), content); }
  // Several, in a container; `last` is the container's id, `inner` those inside.
  tl::Bytes say_together(const std::vector<tl::Bytes>& bodies, bool content = true) {
    inner.clear();
    std::vector<mtproto::InnerMessage> messages;
    for (const auto& body : bodies) {
      messages.push_back({next_id(side == mtproto::Side::client ? mtproto::MessageKind::from_client
                                                                : mtproto::MessageKind::answer),
                          sequence.next(content), body});
      inner.push_back(messages.back().id);
    }
    tl::Bytes body;
    mtproto::write_container(messages, body);
    return say(tl::ByteView(body), false);
  }
  tl::Bytes frame(tl::ByteView packet) {
    tl::Bytes out;
    transport.write(packet, out);
    return out;
  }

  bool padded() const { return transport.framing() == mtproto::Framing::padded; }

  mtproto::Side side;
  mtproto::AuthKey key;
  mtproto::Transport transport;
  ScriptedRandom random{99};
  mtproto::MessageIdSource ids;
  mtproto::Sequence sequence;
  mtproto::UnixTime wall = noon;
  std::uint64_t salt = 0;
  mtproto::SessionId session;
  mtproto::MessageId last;
  std::vector<mtproto::MessageId> inner;
  std::vector<tl::Bytes> plain;
};

// Bodies of calls that nobody has to understand.
inline tl::Bytes words(std::initializer_list<std::uint32_t> values) {
  tl::Bytes out;
  tl::Writer writer(out);
  for (const auto value : values) writer.nat(value);
  return out;
}

// The events of one kind, in order.
template <class T, class Events>
std::vector<T> of_kind(const Events& events) {
  std::vector<T> out;
  for (const auto& event : events) {
    if (const auto* it = std::get_if<T>(&event)) out.push_back(*it);
  }
  return out;
}

}  // namespace support
