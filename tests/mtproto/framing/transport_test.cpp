#include "mtproto/framing/input_buffer.hpp"
#include "tests/mtproto/framing/framing_support.hpp"

using namespace framing_test;

namespace {

struct Kind {
  const char* name;
  ClientTransport options;
  Bytes server_secret;
};

std::vector<Kind> kinds() {
  const auto secret = sequence(0x10, 0x1f);
  return {{"abridged", {Framing::abridged}, {}},
          {"intermediate", {Framing::intermediate}, {}},
          {"padded", {Framing::padded}, {}},
          {"full", {Framing::full}, {}},
          {"obfuscated abridged", {Framing::abridged, true}, {}},
          {"obfuscated intermediate", {Framing::intermediate, true, 2}, {}},
          {"obfuscated padded", {Framing::padded, true, -4}, {}},
          {"behind a secret", {Framing::padded, true, 10002, secret}, secret}};
}

const std::vector<Bytes> payloads = {Bytes(4, 1),  sequence(0, 127), Bytes(504, 2),  Bytes(508, 3),
                                     Bytes(20, 0), Bytes(1024, 4),   Bytes(70000, 5)};

bool same(const std::vector<Packet>& got, const std::vector<Bytes>& sent) {
  if (got.size() != sent.size()) return false;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const auto& payload = got[i].payload;
    if (payload.size() < sent[i].size() || payload.size() > sent[i].size() + 15) return false;
    if (!std::equal(sent[i].begin(), sent[i].end(), payload.begin())) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("A server finds out every framing, and both ends understand each other") {
  for (const auto& kind : kinds()) {
    INFO(kind.name);
    ScriptedRandom random;
    auto client = Transport::client(kind.options, random);
    auto server = Transport::server(random, kind.server_secret);
    CHECK_FALSE(server.framing());
    Bytes up, down;
    for (const auto& payload : payloads) client.write(payload, up);
    CHECK(same(packets(server, up), payloads));
    CHECK(server.framing() == kind.options.framing);
    CHECK(client.framing() == kind.options.framing);
    CHECK(server.obfuscated() == kind.options.obfuscated);
    if (kind.options.dc != 0) CHECK(server.dc() == kind.options.dc);
    for (const auto& payload : payloads) server.write(payload, down);
    CHECK(same(packets(client, down), payloads));
  }
}

TEST_CASE("However a stream is cut, the packets are the same") {
  const std::vector<Bytes> sent(payloads.begin(), payloads.end() - 1);  // not the long one
  for (const auto& kind : kinds()) {
    INFO(kind.name);
    ScriptedRandom random;
    auto client = Transport::client(kind.options, random);
    Bytes up;
    for (const auto& payload : sent) client.write(payload, up);
    for (std::size_t piece : {1, 2, 3, 5, 7, 61, 63, 64, 65, 1000, 4096}) {
      auto server = Transport::server(random, kind.server_secret);
      std::vector<Packet> got;
      for (std::size_t at = 0; at < up.size(); at += piece) {
        for (auto& packet :
             packets(server, ByteView(up).subspan(at, std::min(piece, up.size() - at)))) {
          got.push_back(std::move(packet));
        }
      }
      CHECK(same(got, sent));
      CHECK(server.buffered() == 0);
    }
  }
}

TEST_CASE("A packet is there with its last byte, and not before") {
  for (const auto& kind : kinds()) {
    INFO(kind.name);
    ScriptedRandom random;
    auto client = Transport::client(kind.options, random);
    auto server = Transport::server(random, kind.server_secret);
    const auto up = written(client, sequence(0, 127));
    for (std::size_t i = 0; i + 1 < up.size(); ++i) {
      CHECK(packets(server, ByteView(up).subspan(i, 1)).empty());
    }
    CHECK(packets(server, ByteView(up).last(1)).size() == 1);
  }
}

TEST_CASE("Each framing is decided as early as its bytes allow") {
  const auto decided_after = [](const Bytes& bytes) -> std::size_t {
    ScriptedRandom random;
    auto server = Transport::server(random);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      server.feed(ByteView(bytes).subspan(i, 1));
      if (!server.next()) return i + 1;
      if (server.framing()) return i + 1;
    }
    return 0;
  };
  CHECK(decided_after(unhex("ef01aabbccdd")) == 1);
  CHECK(decided_after(unhex("eeeeeeee04000000")) == 4);
  CHECK(decided_after(unhex("dddddddd04000000")) == 4);
  CHECK(decided_after(unhex("1000000000000000aabbccdd")) == 8);
  CHECK(decided_after(unhex("eeeeeeef") + Bytes(100, 1)) == 64);
  CHECK(decided_after(unhex("ddddddde") + Bytes(100, 1)) == 64);
  ScriptedRandom random;
  auto client = Transport::client({Framing::padded, true}, random);
  CHECK(decided_after(written(client, Bytes(100, 1))) == 64);
}

TEST_CASE("Other protocols are turned away at their first word") {
  for (const char* start : {"GET / HTTP/1.1", "POST /api", "HEAD / HTTP", "OPTIONS *"}) {
    CHECK(server_error(tl::as_bytes(start).first(4)) == errc::framing_unknown);
    CHECK(server_error(tl::as_bytes(start).first(3)) == boost::system::error_code());
  }
  CHECK(server_error(unhex("16030102")) == errc::framing_unknown);
}

TEST_CASE("An obfuscated header that names no framing is refused") {
  CHECK(server_error(Bytes(64, 0x42)) == errc::framing_unknown);
  ScriptedRandom random;
  auto client = Transport::client({Framing::padded, true, 2, sequence(0, 15)}, random);
  const auto up = written(client, Bytes(40, 1));
  CHECK(server_error(up, sequence(0, 15)) == boost::system::error_code());
  CHECK(server_error(up, sequence(1, 16)) == errc::framing_unknown);
  CHECK(server_error(up) == errc::framing_unknown);
}

TEST_CASE("Behind a secret nobody is served who does not know it") {
  CHECK(server_error(unhex("ef01aabbccdd"), sequence(0, 15)) == errc::framing_unknown);
  CHECK(server_error(unhex("eeeeeeee04000000"), sequence(0, 15)) == errc::framing_unknown);
  CHECK(server_error(unhex("1000000000000000aabbccdd"), sequence(0, 15)) == errc::framing_unknown);
}

TEST_CASE("Full framing is never obfuscated, and a secret always is") {
  ScriptedRandom random;
  auto client = Transport::client({Framing::full, true}, random);
  CHECK(client.framing() == Framing::intermediate);
  CHECK(client.obfuscated());
  auto secret = Transport::client({Framing::padded, false, 2, sequence(0, 15)}, random);
  CHECK(secret.obfuscated());
}

TEST_CASE("A server that does not know the framing yet writes nothing") {
  ScriptedRandom random;
  auto server = Transport::server(random);
  CHECK(written(server, Bytes(4, 1)).empty());
}

TEST_CASE("A transport survives being moved") {
  ScriptedRandom random;
  auto client = Transport::client({Framing::intermediate, true}, random);
  auto server = Transport::server(random);
  const auto one = written(client, Bytes(8, 1));
  server.feed(ByteView(one).first(30));
  auto moved = std::move(server);
  CHECK(packets(moved, ByteView(one).subspan(30)).size() == 1);
  auto moved_client = std::move(client);
  CHECK(packets(moved, written(moved_client, Bytes(8, 2))).size() == 1);
}

TEST_CASE("What is held is counted, and an empty buffer holds no memory") {
  ScriptedRandom random;
  auto server = Transport::server(random);
  CHECK(packets(server, unhex("eeeeeeee08000000aabbcc")).empty());
  CHECK(server.buffered() == 7);
  CHECK(packets(server, unhex("ddaabbccdd")).size() == 1);
  CHECK(server.buffered() == 0);

  InputBuffer buffer;
  buffer.append(Bytes(100000, 1));
  buffer.consume(99999);
  CHECK(buffer.size() == 1);
  buffer.append(Bytes(2, 7));
  CHECK(std::as_const(buffer).view()[0] == 1);
  CHECK(std::as_const(buffer).view()[2] == 7);
  buffer.consume(3);
  CHECK(std::as_const(buffer).view().data() == nullptr);
}
