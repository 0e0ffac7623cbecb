// Packets of any bytes, and plaintexts of any bytes that are sealed as they should be: opened,
// laid flat, unpacked. And gzip on its own.
#include "mtproto/message/container.hpp"
#include "mtproto/message/gzip.hpp"
#include "mtproto/message/kdf.hpp"
#include "mtproto/message/opener.hpp"
#include "mtproto/message/service_rpc.hpp"
#include "tests/fuzz/support.hpp"
#include "tests/support/peer.hpp"

namespace {

using namespace mtproto;

constexpr std::size_t max_unpacked = std::size_t{1} << 20;

const AuthKey& key() {
  static const auto made = support::fixed_key();
  return made;
}

// auth_key_id | msg_key | the plaintext, filled up to whole blocks
Bytes sealed(ByteView plain) {
  Bytes text(plain.begin(), plain.end());
  text.resize((text.size() + 15) / 16 * 16);
  const auto msg_key = message_key(message_key_large(key(), Side::server, text));
  const auto aes = message_aes(key(), Side::server, msg_key);
  ige_encrypt(aes.key, aes.iv, text);
  Bytes out;
  tl::Writer(out).int64(static_cast<std::int64_t>(key().id().value())).raw(msg_key).raw(text);
  return out;
}

bool within(ByteView part, ByteView whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

void check(const Incoming& incoming, std::size_t packet_size) {
  std::size_t unpacked = 0;
  for (const auto& it : incoming.unpacked) unpacked += it.size();
  // What gzip gave may stand in an rpc_result that is written anew.
  fuzz::promise(unpacked <= 2 * max_unpacked + packet_size + 64, "unpacking is bounded");
  fuzz::promise(incoming.packet.size() <= packet_size, "the packet is no longer than it came");
  fuzz::promise(!incoming.bad_container || incoming.messages.empty(), "bad containers are empty");
  fuzz::promise(incoming.container || incoming.bad_container || incoming.messages.size() == 1,
                "a message that is no container is one");
  fuzz::promise(incoming.messages.size() <= max_container_messages, "containers are bounded");
  for (const auto& message : incoming.messages) {
    bool inside = message.body.empty() || within(message.body, incoming.packet);
    for (const auto& it : incoming.unpacked) inside = inside || within(message.body, it);
    fuzz::promise(inside, "a body lies in what came");
    fuzz::promise(tl::Reader(message.body).peek() != msg_container_id || !incoming.container,
                  "no container stands in another");
  }
}

std::optional<tl::Result<Incoming>> opened(Bytes packet, bool padded) {
  PacketOpener opener(Side::server, max_unpacked);
  Packet whole;
  whole.payload = std::move(packet);
  opener.push(std::move(whole), padded);
  const auto find = [](AuthKeyId id) { return id == key().id() ? &key() : nullptr; };
  auto next = opener.next(find);
  if (auto work = opener.take_work()) {
    work->run();
    opener.done(*work);
    next = opener.next(find);
  }
  fuzz::promise(next.has_value() && !opener.next(find), "a packet gives one answer");
  return next;
}

void open_any(ByteView packet, bool padded) {
  const auto next = opened(Bytes(packet.begin(), packet.end()), padded);
  if (*next) check(**next, packet.size());
}

void open_sealed(ByteView plain, bool padded) {
  const auto packet = sealed(plain);
  const auto next = opened(packet, padded);
  if (*next) check(**next, packet.size());
  if (packet.size() >= 72) {
    fuzz::promise(*next || (*next).error() != errc::bad_msg_key, "a packet of the key's opens");
  }
}

// Head, body and padding as they should be: only the body is any bytes.
void open_message(fuzz::Input in) {
  support::ScriptedRandom random(in.byte());
  MessageHead head;
  head.seqno = in.byte();
  const auto rest = in.rest();
  Bytes body(rest.begin(), rest.end());
  body.resize((body.size() + 3) / 4 * 4);
  Bytes packet;
  seal(key(), Side::server, head, body, random, packet);
  auto changed = packet;
  changed[8 + head.seqno % (changed.size() - 8)] ^= 1;
  fuzz::promise(!*opened(std::move(changed), false), "a changed packet does not open");
  const auto next = opened(packet, false);
  fuzz::promise(next->has_value(), "what is sealed opens");
  check(**next, packet.size());
  fuzz::promise((*next)->head.seqno == head.seqno, "the head is what it was");
}

void gzip_any(ByteView packed, std::size_t max) {
  const auto plain = unpack_gzip(packed, max);
  if (plain) fuzz::promise(plain->size() <= max, "gzip is bounded");
}

void gzip_round(ByteView body) {
  const auto packed = pack_gzip(body);
  if (!packed) return;
  fuzz::promise(packed->size() < body.size(), "packing makes it shorter");
  const auto plain = unpack_gzip(*packed, body.size());
  fuzz::promise(plain && std::equal(plain->begin(), plain->end(), body.begin(), body.end()),
                "what was packed comes back");
  fuzz::promise(!unpack_gzip(*packed, body.size() - 1), "not a byte more than allowed");
}

// gzip_packed around the rest of the input, so that a message's body holds what gzip really gives.
Bytes packed_body(ByteView rest, int levels) {
  Bytes out(rest.begin(), rest.end());
  for (int i = 0; i < levels; ++i) {
    out.resize((out.size() + 3) / 4 * 4);
    auto packed = pack_gzip(out);
    if (!packed) break;
    out = std::move(*packed);
  }
  return out;
}

}  // namespace

FUZZ_TARGET(envelope) {
  fuzz::Input in(bytes);
  const auto mode = in.below(8);
  const bool padded = in.flag();
  switch (mode) {
    case 0:
      return open_any(in.rest(), padded);
    case 1:
      return open_sealed(in.rest(), padded);
    case 2:
      return gzip_any(in.rest(), std::size_t{1} << 16);
    case 3:
      return gzip_round(in.rest());
    case 4: {
      const auto levels = 1 + static_cast<int>(in.below(3));
      const auto body = packed_body(in.rest(), levels);
      return open_message(fuzz::Input(body));
    }
    case 5: {  // an rpc_result whose result is packed
      const auto body = packed_body(in.rest(), 1);
      return open_message(fuzz::Input(write_rpc_result(MessageId(4), body)));
    }
    default:
      return open_message(in);
  }
}
