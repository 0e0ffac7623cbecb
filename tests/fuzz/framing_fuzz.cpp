// Streams of any bytes through every framing, plain and inside obfuscated2, on either side; and
// payloads from one side to the other and back.
#include <variant>
#include <vector>

#include "mtproto/framing/detection.hpp"
#include "mtproto/framing/obfuscated2.hpp"
#include "tests/fuzz/support.hpp"
#include "tests/support/scripted_random.hpp"

namespace {

using namespace mtproto;
using support::ScriptedRandom;

struct Way {
  Framing framing = Framing::intermediate;
  bool server = false;
  bool obfuscated = false;
  Bytes secret;

  explicit Way(std::uint8_t choice)
      : framing(static_cast<Framing>(choice % 4)),
        server((choice & 4) != 0),
        obfuscated((choice & 8) != 0) {
    if (obfuscated && (choice & 16) != 0) secret.assign(16, choice);
    if (obfuscated && framing == Framing::full) framing = Framing::padded;
  }
  ClientTransport client() const { return {framing, obfuscated, 2, secret}; }
};

// One end, and the bytes as the wire would carry them to it.
struct End {
  Transport transport;
  Bytes wire;
};

End make_end(const Way& way, ByteView bytes, ScriptedRandom& random) {
  Bytes wire(bytes.begin(), bytes.end());
  if (way.server) {
    auto transport = Transport::server(random, way.secret);
    if (!way.obfuscated) return {std::move(transport), std::move(wire)};
    auto client = make_obfuscation(tag_of(way.framing), 2, way.secret, random);
    client.to_server.apply(wire);
    wire.insert(wire.begin(), client.header.begin(), client.header.end());
    return {std::move(transport), std::move(wire)};
  }
  auto transport = Transport::client(way.client(), random);
  if (way.obfuscated) {
    Bytes first;
    transport.write(Bytes(4), first);
    auto server = open_obfuscation(ByteView(first).first<obfuscation_header>(), way.secret);
    fuzz::promise(server.tag == tag_of(way.framing) && server.dc == 2, "a header says what it is");
    server.to_client.apply(wire);
  }
  return {std::move(transport), std::move(wire)};
}

struct Seen {
  std::vector<Bytes> packets;
  std::vector<bool> acks;
  boost::system::error_code error;
  bool operator==(const Seen&) const = default;
};

Seen listen(const Way& way, ByteView bytes, std::size_t piece) {
  ScriptedRandom random;
  auto end = make_end(way, bytes, random);
  Seen seen;
  std::size_t payload = 0;
  fuzz::in_pieces(end.wire, piece, [&](auto part) {
    end.transport.feed(part);
    while (!seen.error) {
      auto next = end.transport.next();
      if (!next) {
        seen.error = next.error();
        fuzz::promise(!end.transport.next().has_value(), "a broken stream stays broken");
      } else if (!*next) {
        break;
      } else {
        payload += (*next)->payload.size();
        seen.packets.emplace_back((*next)->payload.begin(), (*next)->payload.end());
        seen.acks.push_back((*next)->quick_ack);
      }
    }
  });
  fuzz::promise(payload + end.transport.buffered() <= end.wire.size(), "no byte comes twice");
  return seen;
}

bool is_padded(ByteView got, ByteView said, Framing framing) {
  const auto most = said.size() + (framing == Framing::padded ? 15 : 0);
  return got.size() >= said.size() && got.size() <= most &&
         std::equal(said.begin(), said.end(), got.begin());
}

void carry(Transport& from, Transport& to, const Bytes& payload, Framing framing) {
  Bytes wire;
  from.write(payload, wire);
  to.feed(wire);
  const auto got = to.next();
  fuzz::promise(got && *got && is_padded((*got)->payload, payload, framing),
                "a payload arrives as it was sent");
  fuzz::promise(to.buffered() == 0, "nothing is left of it");
}

void converse(const Way& way, fuzz::Input in) {
  ScriptedRandom random;
  auto client = Transport::client(way.client(), random);
  auto server = Transport::server(random, way.secret);
  while (!in.empty()) {
    auto payload = in.words();
    if (payload.size() < 8) payload.resize(8);  // four bytes are an error's code
    carry(client, server, payload, way.framing);
    carry(server, client, payload, way.framing);
  }
}

// What the first bytes are taken for does not change when more come.
void check_detection(ByteView bytes) {
  auto known = detect({});
  for (std::size_t size = 1; size <= std::min<std::size_t>(bytes.size(), 70); ++size) {
    const auto now = detect(bytes.first(size));
    const bool decided = !std::holds_alternative<MoreNeeded>(known);
    fuzz::promise(!decided || now.index() == known.index(), "a framing that is known stays");
    known = now;
  }
  fuzz::promise(bytes.size() < obfuscation_header || !std::holds_alternative<MoreNeeded>(known),
                "64 bytes are enough to know");
}

// A header of any bytes opens, and one drawn from any randomness looks like nothing else.
void check_obfuscation(ByteView bytes) {
  ScriptedRandom random(Bytes(bytes.begin(), bytes.end()));
  auto made = make_obfuscation(tag_of(Framing::padded), -3, {}, random);
  fuzz::promise(std::holds_alternative<Obfuscated>(detect(made.header)), "a header is noise");
  auto opened = open_obfuscation(made.header, {});
  fuzz::promise(opened.tag == made.tag && opened.dc == -3, "a header says what it is");
  std::array<std::uint8_t, 40> there{}, back{};
  made.to_server.apply(there);
  opened.to_server.apply(there);
  opened.to_client.apply(back);
  made.to_client.apply(back);
  fuzz::promise(there == back && there == std::array<std::uint8_t, 40>{}, "both streams agree");
  if (bytes.size() >= obfuscation_header) open_obfuscation(bytes.first<obfuscation_header>(), {});
}

}  // namespace

FUZZ_TARGET(framing) {
  fuzz::Input in(bytes);
  const Way way(in.byte());
  const std::size_t piece = 1 + in.below(32);
  converse(way, in);
  const auto stream = in.rest();
  fuzz::promise(listen(way, stream, 0) == listen(way, stream, piece),
                "packets are the same however the stream is cut");
  check_detection(stream);
  check_obfuscation(stream);
}
