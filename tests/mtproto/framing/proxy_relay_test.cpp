#include "mtproto/framing/proxy_relay.hpp"

#include "mtproto/framing/fake_tls.hpp"
#include "tests/mtproto/framing/framing_support.hpp"

using namespace framing_test;

namespace {

constexpr UnixTime noon{std::chrono::seconds(1'700'000'000)};

ProxySecret secret(bool padded = false, std::string domain = {}) {
  return {SecretBytes(sequence(0, 15)), padded, std::move(domain)};
}

// A client, a proxy and a data centre in memory.
struct Line {
  Line(ProxySecret known, const ClientTransport& options)
      : relay(std::move(known), random), client(Transport::client(options, random)) {}

  // What the data centre reads of what the client says.
  std::vector<Packet> there(ByteView payload) {
    Bytes on, back;
    REQUIRE(relay.from_client(written(client, payload), noon, on, back));
    CHECK(back.empty());
    return packets(server, on);
  }
  std::vector<Packet> back(ByteView payload) {
    Bytes out;
    relay.from_server(written(server, payload), out);
    return packets(client, out);
  }

  ScriptedRandom random;
  ProxyRelay relay;
  Transport client;
  Transport server = Transport::server(random);
};

void converse(Line& line) {
  for (int i = 0; i < 3; ++i) {
    const auto there = line.there(sequence(i, i + 99));
    REQUIRE(there.size() == 1);
    CHECK(std::equal(there[0].payload.begin(), there[0].payload.begin() + 100,
                     sequence(i, i + 99).begin()));
    const auto back = line.back(sequence(i, i + 7));
    REQUIRE(back.size() == 1);
    CHECK(std::equal(back[0].payload.begin(), back[0].payload.begin() + 8,
                     sequence(i, i + 7).begin()));
  }
}

boost::system::error_code refusal(ProxySecret known, const ClientTransport& options) {
  Line line(std::move(known), options);
  Bytes on, back;
  return line.relay.from_client(written(line.client, sequence(0, 99)), noon, on, back).error();
}

}  // namespace

TEST_CASE("A relay with a plain secret passes every framing on") {
  for (const auto framing : {Framing::abridged, Framing::intermediate, Framing::padded}) {
    Line line(secret(), {framing, true, 2, sequence(0, 15)});
    converse(line);
    CHECK(line.server.framing() == framing);
    CHECK_FALSE(line.server.obfuscated());
  }
}

TEST_CASE("A relay with a dd secret passes padded framing on alone") {
  Line line(secret(true), {Framing::padded, true, 2, sequence(0, 15)});
  converse(line);
  CHECK(refusal(secret(true), {Framing::intermediate, true, 2, sequence(0, 15)}) ==
        errc::wrong_proxy_secret);
}

TEST_CASE("A relay with an ee secret shakes hands first") {
  const auto known = secret(true, "example.org");
  Line line(known, {Framing::padded, true, 2, sequence(0, 15), true});
  FakeTlsClient handshake(known, noon, line.random);
  Bytes on, answer;
  REQUIRE(line.relay.from_client(handshake.hello(), noon, on, answer));
  CHECK(on.empty());
  const auto done = handshake.receive(answer);
  REQUIRE(done);
  REQUIRE(*done);
  CHECK_FALSE(line.relay.wish());
  converse(line);
}

TEST_CASE("A client with another secret is refused") {
  auto other = sequence(0, 15);
  other[3] ^= 1;
  CHECK(refusal(secret(), {Framing::intermediate, true, 2, other}) == errc::wrong_proxy_secret);
  CHECK(refusal(secret(), {Framing::intermediate, true}) == errc::wrong_proxy_secret);
  CHECK(refusal(secret(true, "example.org"), {Framing::padded, true, 2, sequence(0, 15)}) ==
        errc::bad_tls_hello);
}

TEST_CASE("A relay knows the data centre once the header is whole") {
  struct Case {
    std::int16_t said;
    std::int32_t dc;
    bool test, media;
  };
  for (const auto& it : {Case{2, 2, false, false}, Case{-4, 4, false, true},
                         Case{10'003, 3, true, false}, Case{-10'001, 1, true, true}}) {
    Line line(secret(), {Framing::intermediate, true, it.said, sequence(0, 15)});
    const auto wire = written(line.client, sequence(0, 7));
    Bytes on, back;
    for (std::size_t i = 0; i < wire.size(); ++i) {
      CHECK(line.relay.wish().has_value() == (i >= 64));
      REQUIRE(line.relay.from_client(ByteView(wire).subspan(i, 1), noon, on, back));
    }
    CHECK(line.relay.wish()->dc == it.dc);
    CHECK(line.relay.wish()->test == it.test);
    CHECK(line.relay.wish()->media == it.media);
    CHECK(packets(line.server, on).size() == 1);
  }
}
