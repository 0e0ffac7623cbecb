#include "mtproto/framing/obfuscated2.hpp"

#include "mtproto/framing/detection.hpp"
#include "tests/mtproto/framing/framing_support.hpp"

using namespace framing_test;

namespace {

Obfuscation made(const Bytes& random, std::uint32_t tag, std::int16_t dc, ByteView secret) {
  ScriptedRandom script(random);
  return make_obfuscation(tag, dc, secret, script);
}

std::string tail(const Obfuscation& obfuscation) {
  return hex(std::span(obfuscation.header).last<8>());
}

Bytes applied(CtrStream& stream, Bytes bytes) {
  stream.apply(bytes);
  return bytes;
}

Bytes entropy() {
  auto out = support::Vectors("entropy.txt").bytes("entropy");
  out.resize(64);
  return out;
}

}  // namespace

TEST_CASE("Headers with a proxy's secret agree with gotd") {
  CHECK(tail(made(Bytes(64, 0x61), padded_tag, 2, Bytes(16, 0xaa))) == "ab4162424f66fddc");
  auto other = made(unhex("f5768f50b731260a46be1027c2eeaa39350624f0b6da59eba56c81fe4510c2e0"
                          "b61d3dd323ee02388633e3837a0c1c24fa6f29ccd724be6f416ff7b026f6cce6"),
                    padded_tag, 2, unhex("8a96ef6e42a18c21837580cd1c91c5a8"));
  CHECK(tail(other) == "bea2dde16dc59dd2");
  const auto text = tl::as_bytes("abcd");
  CHECK(hex(applied(other.to_server, Bytes(text.begin(), text.end()))) == "ca7a8226");
  CHECK(hex(applied(other.to_client, Bytes(text.begin(), text.end()))) == "8f711982");
}

TEST_CASE("Headers without and with a secret and a dc agree with mtcute") {
  const Bytes random(64, 0xff);
  const Bytes zero(16, 0);
  CHECK(tail(made(random, intermediate_tag, 0, {})) == "fce8ab2203db2bff");
  CHECK(tail(made(random, intermediate_tag, 1, zero)) == "ecec4cbda8bb188b");
  CHECK(tail(made(random, intermediate_tag, 10001, zero)) == "ecec4cbdb89c188b");
  CHECK(tail(made(random, intermediate_tag, -1, zero)) == "ecec4cbd5644188b");
  CHECK(tail(made(entropy(), intermediate_tag, 10001, unhex("00112233445566778899aabbccddeeff"))) ==
        "8a1e83d9ccbc0c15");
}

TEST_CASE("A whole obfuscated conversation agrees with mtcute") {
  ScriptedRandom random(entropy());
  auto client = Transport::client({Framing::intermediate, true}, random);
  const auto error = unhex("6cfeffff");
  CHECK(hex(written(client, error)) ==
        "29afd26df40fb8ed10b6b4ad6d56ef5df9453f88e6ee6adb6e0544ba635dc6a8"
        "a990c9b8b980c343936b33fa7f97bae025102532233abb26d4a1fe6d34f1ba08"
        "a1020630a410e940");
  CHECK(hex(written(client, error)) == "f53ff53f371db495");
  for (const char* wire : {"e8027df708ab3b5c", "1854be76d2df4949"}) {
    const auto got = packets(client, unhex(wire));
    REQUIRE(got.size() == 1);
    CHECK(got[0].payload == error);
  }
}

TEST_CASE("A header that looks like another protocol is drawn again") {
  const auto good = entropy();
  for (const char* taken : {"ef", "48454144", "504f5354", "47455420", "4f505449", "dddddddd",
                            "eeeeeeee", "16030102", "0102030400000000"}) {
    auto bad = Bytes(64, 0x33);
    const auto start = unhex(taken);
    std::copy(start.begin(), start.end(), bad.begin());
    const auto header = made(bad + good, padded_tag, 0, {}).header;
    CHECK(std::equal(good.begin(), good.begin() + 56, header.begin()));
  }
}

TEST_CASE("The server reads tag and dc out of the header, and its streams are the client's") {
  for (std::int16_t dc : {std::int16_t{2}, std::int16_t{-3}, std::int16_t{10002}}) {
    auto client = made(entropy(), padded_tag, dc, sequence(1, 16));
    auto server = open_obfuscation(client.header, sequence(1, 16));
    CHECK(server.tag == padded_tag);
    CHECK(server.dc == dc);
    const auto text = sequence(0, 99);
    CHECK(applied(server.to_server, applied(client.to_server, text)) == text);
    CHECK(applied(client.to_client, applied(server.to_client, text)) == text);
  }
}
