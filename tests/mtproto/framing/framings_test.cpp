#include "tests/mtproto/framing/framing_support.hpp"

using namespace framing_test;

namespace {

const Bytes payload = sequence(0, 0x7f);

Bytes word(std::uint32_t value) {
  Bytes out(4);
  std::memcpy(out.data(), &value, 4);
  return out;
}

}  // namespace

TEST_CASE("Full frames agree with grammers and count up") {
  ScriptedRandom random;
  auto client = Transport::client({Framing::full}, random);
  CHECK(written(client, payload) == unhex("8c00000000000000") + payload + unhex("86739537"));
  CHECK(written(client, payload) == unhex("8c00000001000000") + payload + unhex("9609f04a"));
  auto other = Transport::client({Framing::full}, random);
  CHECK(hex(written(other, {})) == "0c0000000000000026ca8d32");
}

TEST_CASE("Abridged frames agree with grammers, and their tag comes once") {
  ScriptedRandom random;
  auto client = Transport::client({Framing::abridged}, random);
  CHECK(written(client, payload) == unhex("ef20") + payload);
  CHECK(written(client, payload) == unhex("20") + payload);
  CHECK(written(client, Bytes(1024, 5)) == unhex("7f000100") + Bytes(1024, 5));
  CHECK(written(client, Bytes(504, 5)) == unhex("7e") + Bytes(504, 5));
  CHECK(written(client, Bytes(508, 5)) == unhex("7f7f0000") + Bytes(508, 5));
}

TEST_CASE("Intermediate frames agree with grammers, and their tag comes once") {
  ScriptedRandom random;
  auto client = Transport::client({Framing::intermediate}, random);
  CHECK(written(client, payload) == unhex("eeeeeeee80000000") + payload);
  CHECK(written(client, payload) == unhex("80000000") + payload);
}

TEST_CASE("Padded frames carry up to 15 random bytes more, and their tag comes once") {
  ScriptedRandom random;
  auto client = Transport::client({Framing::padded}, random);
  auto first = written(client, payload);
  CHECK(hex(ByteView(first).first(4)) == "dddddddd");
  first.erase(first.begin(), first.begin() + 4);
  std::set<std::size_t> seen{first.size()};
  for (int i = 0; i < 300; ++i) {
    const auto frame = written(client, payload);
    CHECK(frame.size() == std::size_t{frame[0]} + 4);
    CHECK(std::equal(payload.begin(), payload.end(), frame.begin() + 4));
    seen.insert(frame.size());
  }
  CHECK(*seen.begin() == 4 + 128);
  CHECK(*seen.rbegin() == 4 + 128 + 15);
  CHECK(seen.size() == 16);
}

TEST_CASE("A client reads a transport error in every framing") {
  ScriptedRandom random;
  const std::pair<Framing, Bytes> frames[] = {{Framing::intermediate, unhex("040000006cfeffff")},
                                              {Framing::abridged, unhex("016cfeffff")}};
  for (const auto& [framing, bytes] : frames) {
    auto client = Transport::client({framing}, random);
    const auto got = packets(client, bytes);
    REQUIRE(got.size() == 1);
    CHECK(hex(got[0].payload) == "6cfeffff");
  }
  // mtcute's: the padding can't be told from the data, so it is handed on.
  auto client = Transport::client({Framing::padded}, random);
  const auto got = packets(client, unhex("0a0000006cfeffff29afd26df40f"));
  REQUIRE(got.size() == 1);
  CHECK(hex(got[0].payload) == "6cfeffff29afd26df40f");
}

TEST_CASE("Empty and odd lengths are refused by name") {
  CHECK(server_error(unhex("ef00")) == errc::frame_too_short);
  CHECK(server_error(unhex("ef7f000000")) == errc::frame_too_short);
  CHECK(server_error(unhex("eeeeeeee00000000")) == errc::frame_too_short);
  CHECK(server_error(unhex("eeeeeeee03000000")) == errc::frame_too_short);
  CHECK(server_error(unhex("eeeeeeee05000000")) == errc::frame_bad_length);
  CHECK(server_error(unhex("dddddddd03000000")) == errc::frame_too_short);
  CHECK(server_error(unhex("0c0000000000000026ca8d32")) == errc::frame_too_short);
  CHECK(server_error(unhex("0d00000000000000")) == errc::frame_bad_length);
  CHECK(client_error(Framing::intermediate, unhex("06000000")) == errc::frame_bad_length);
}

TEST_CASE("A frame above the limit is refused from its length alone") {
  const auto over = static_cast<std::uint32_t>(max_packet + 4);
  CHECK(server_error(unhex("ef7fffffff")) == errc::frame_too_long);
  CHECK(server_error(unhex("eeeeeeee") + word(over)) == errc::frame_too_long);
  CHECK(server_error(unhex("eeeeeeee") + word(max_packet)) == boost::system::error_code());
  CHECK(server_error(unhex("ddddddddffffff7f")) == errc::frame_too_long);
  CHECK(server_error(word(over + 12) + unhex("00000000")) == errc::frame_too_long);
  CHECK(server_error(word(0xffffff00) + unhex("00000000")) == errc::frame_too_long);
  CHECK(client_error(Framing::full, word(over + 12)) == errc::frame_too_long);
}

TEST_CASE("A full frame with another checksum or number is refused") {
  ScriptedRandom random;
  auto sender = Transport::client({Framing::full}, random);
  const auto first = written(sender, payload), second = written(sender, payload);
  for (std::size_t i = 8; i < first.size(); i += 3) {
    auto bad = first;
    bad[i] ^= 4;
    CHECK(client_error(Framing::full, bad) == errc::frame_bad_checksum);
  }
  CHECK(client_error(Framing::full, second) == errc::frame_bad_sequence);
  CHECK(client_error(Framing::full, first + first) == errc::frame_bad_sequence);
  CHECK(client_error(Framing::full, first + second) == boost::system::error_code());
}

TEST_CASE("After an error a stream is at its end, and holds nothing") {
  ScriptedRandom random;
  auto server = Transport::server(random);
  server.feed(unhex("ef00") + Bytes(100, 1));
  CHECK(server.next().error() == errc::frame_too_short);
  server.feed(unhex("01aabbccdd"));
  CHECK(server.next().error() == errc::frame_too_short);
  CHECK(server.buffered() == 0);
}

TEST_CASE("A server is asked for a quick acknowledgement by the top bit") {
  const std::pair<Bytes, Bytes> frames[] = {{unhex("ef"), unhex("81aabbccdd")},
                                            {unhex("ef"), unhex("ff010000aabbccdd")},
                                            {unhex("eeeeeeee"), unhex("04000080aabbccdd")},
                                            {unhex("dddddddd"), unhex("04000080aabbccdd")}};
  for (const auto& [tag, frame] : frames) {
    ScriptedRandom random;
    auto server = Transport::server(random);
    const auto got = packets(server, tag + frame);
    REQUIRE(got.size() == 1);
    CHECK(got[0].quick_ack);
    CHECK(hex(got[0].payload) == "aabbccdd");
  }
}

TEST_CASE("A quick acknowledgement reaches the client between packets, in each byte order") {
  const std::pair<Framing, std::string> orders[] = {{Framing::abridged, "f1e2d3c4"},
                                                    {Framing::intermediate, "c4d3e2f1"},
                                                    {Framing::padded, "c4d3e2f1"}};
  for (const auto& [framing, wire] : orders) {
    ScriptedRandom random;
    auto client = Transport::client({framing}, random);
    auto server = Transport::server(random);
    CHECK(packets(server, written(client, payload)).size() == 1);
    Bytes out;
    server.write_quick_ack(0x71e2d3c4, out);
    CHECK(hex(out) == wire);
    server.write(Bytes(8, 1), out);
    server.write_quick_ack(1, out);
    const auto got = packets(client, out);
    REQUIRE(got.size() == 3);
    CHECK(got[0].quick_ack);
    CHECK(hex(got[0].payload) == "c4d3e2f1");
    CHECK_FALSE(got[1].quick_ack);
    CHECK(got[2].quick_ack);
    CHECK(hex(got[2].payload) == "01000080");
  }
}

TEST_CASE("Full framing has no quick acknowledgements") {
  ScriptedRandom random;
  auto client = Transport::client({Framing::full}, random);
  auto server = Transport::server(random);
  CHECK(packets(server, written(client, payload)).size() == 1);
  Bytes out;
  server.write_quick_ack(1, out);
  CHECK(out.empty());
}
