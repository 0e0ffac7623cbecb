// Packets, and the key exchange, which may go on beside encrypted messages.
#include "mtproto/exchange/plain_message.hpp"
#include "mtproto/host/state.hpp"

namespace mtproto {
namespace {

constexpr std::int32_t not_found = -404;
constexpr std::int32_t wrong_dc = -444;

}  // namespace

void Host::State::receive(ByteView bytes) {
  if (failed) return;
  transport.feed(bytes);
  while (!failed) {
    auto next = transport.next();
    if (!next) return fail(next.error());
    if (!*next) return;
    packet(std::move(**next));
  }
}

void Host::State::packet(Packet packet) {
  // Nothing shorter names a key and a message.
  if (packet.payload.size() < plain_message_head) return fail(errc::packet_too_short);
  if (named_key(packet.payload).value() == 0) return exchange_packet(packet.payload);
  opener.push(std::move(packet), transport.framing() == Framing::padded);
  drain();
}

void Host::State::transport_code(std::int32_t code) {
  Bytes four;
  tl::Writer(four).int32(code);
  transport.write(four, out);
}

void Host::State::exchange_packet(ByteView packet) {
  const auto plain = parse_plain_message(packet);
  if (!plain) return transport_code(not_found);
  if (!exchange) {
    ServerExchangeOptions exchange_options;
    exchange_options.keys = options.keys;
    exchange_options.dc = options.dc;
    exchange_options.test = options.test;
    exchange_options.taken = [keys = &ring](AuthKeyId id) { return keys->keys.contains(id); };
    exchange = std::make_unique<ServerKeyExchange>(std::move(exchange_options), random);
  }
  exchange_step(exchange->receive(plain->body, now, wall()));
}

void Host::State::exchange_step(const tl::Result<void>& step) {
  if (!step) {
    return transport_code(step.error() == errc::wrong_data_centre ? wrong_dc : not_found);
  }
  if (const auto fresh = exchange->take_key()) {
    std::optional<Time> expires;
    if (fresh->expires_in) expires = now + std::chrono::seconds{*fresh->expires_in};
    ring.erase_expired(now);
    const SaltSchedule salts(fresh->server_salt, now);
    const bool test = std::abs(fresh->dc) == dc_number(options.dc, true);
    ring.keys.insert_or_assign(fresh->key.id(),
                               HostKey{fresh->key, salts, expires, {}, {}, false, test});
    events.push_back(KeyMade{fresh->key.id()});
  }
  while (const auto body = exchange->take_output()) {
    Bytes packet;
    write_plain_message(plain_ids.next(wall(), MessageKind::answer, random), *body, packet);
    transport.write(packet, out);
  }
}

void Host::State::drain() {
  while (!failed) {
    auto next = opener.next([&](AuthKeyId id) -> const AuthKey* {
      const auto* key = ring.find(id, now);
      return key == nullptr ? nullptr : &key->key;
    });
    if (!next) return;
    if (*next) {
      incoming(**next);
    } else if (next->error() == errc::wrong_auth_key) {
      transport_code(not_found);
    } else {
      fail(next->error());
    }
  }
}

void Host::State::done(std::unique_ptr<Work> work) {
  if (failed) return;
  if (auto* opened = dynamic_cast<OpenWork*>(work.get())) {
    opener.done(*opened);
    drain();
  } else if (exchange) {
    exchange_step(exchange->done(std::move(work), now));
  }
}

}  // namespace mtproto
