#include "mtproto/message/envelope.hpp"

#include <catch2/catch.hpp>

#include "mtproto/message/kdf.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/vectors.hpp"
#include "tl/reader.hpp"
#include "tl/writer.hpp"

using namespace mtproto;
using support::hex;
using support::unhex;

namespace {

const support::Vectors& vectors() {
  static const support::Vectors it("envelope.txt");
  return it;
}

AuthKey key_of(const std::string& name) {
  auto bytes = vectors().bytes(name);
  while (bytes.size() < AuthKey::size) tl::append(bytes, vectors().bytes(name));
  return AuthKey(std::span<const std::uint8_t, AuthKey::size>(bytes));
}

MessageKey msg_key_of(const std::string& name) { return vectors().array<16>(name); }

// What open() and the session's own check say of a packet from the server.
boost::system::error_code verdict(const std::string& name) {
  auto opened = open(key_of("mtcute_key"), Side::server, vectors().bytes(name), false);
  if (!opened) return opened.error();
  const auto session = vectors().bytes("mtcute_session");
  const SessionId expected(static_cast<std::uint64_t>(tl::Reader(session).int64()));
  if (auto checked = check_from_server(opened->head, expected); !checked) return checked.error();
  return {};
}

}  // namespace

TEST_CASE("message keys are derived as two other implementations do") {
  for (const std::string name : {"grammers", "mtcute"}) {
    const auto key = key_of(name + "_key");
    const auto msg_key = msg_key_of(name + "_kdf_msg_key");
    const auto client = message_aes(key, Side::client, msg_key);
    CHECK(hex(client.key.bytes()) == vectors().text(name + "_x0_key"));
    CHECK(hex(client.iv.bytes()) == vectors().text(name + "_x0_iv"));
    const auto server = message_aes(key, Side::server, msg_key);
    CHECK(hex(server.key.bytes()) == vectors().text(name + "_x8_key"));
    CHECK(hex(server.iv.bytes()) == vectors().text(name + "_x8_iv"));
  }
}

TEST_CASE("a plaintext is encrypted as another implementation does") {
  const auto key = key_of("grammers_key");
  auto plain = vectors().bytes("grammers_client_plain");
  const auto msg_key = message_key(message_key_large(key, Side::client, plain));
  CHECK(hex(msg_key) == vectors().text("grammers_client_msg_key"));
  const auto aes = message_aes(key, Side::client, msg_key);
  ige_encrypt(aes.key, aes.iv, plain);
  const auto packet = vectors().text("grammers_client_packet");
  CHECK(hex(plain) == packet.substr(48));
}

TEST_CASE("a packet from a server of the wild is opened") {
  const auto key = key_of("grammers_server_key");
  auto opened = open(key, Side::server, vectors().bytes("grammers_server_packet"), false);
  REQUIRE(opened.has_value());
  CHECK(hex(ByteView(opened->packet).subspan(24)) == vectors().text("grammers_server_plain"));
  CHECK(opened->body().size() == 0x58);
  CHECK(opened->head.seqno == 2);
}

TEST_CASE("a message is sealed as another implementation does") {
  const auto plain = vectors().bytes("mtcute_client_plain");
  tl::Reader read(plain);
  MessageHead head;
  head.salt = static_cast<std::uint64_t>(read.int64());
  head.session = SessionId(static_cast<std::uint64_t>(read.int64()));
  head.id = MessageId(static_cast<std::uint64_t>(read.int64()));
  head.seqno = read.nat();
  const auto length = read.nat();
  CHECK(length == read.left());
  support::ScriptedRandom random(vectors().bytes("mtcute_client_padding"));
  Bytes packet;
  seal(key_of("mtcute_key"), Side::client, head, read.rest(), random, packet);
  CHECK(hex(packet) == vectors().text("mtcute_client_packet"));
}

TEST_CASE("each defect of a packet is refused by its own error") {
  // Its message id is divisible by four, a client's: the last check, which that suite leaves out.
  CHECK(verdict("accept") == errc::bad_message_id);
  CHECK(verdict("reject_msg_key_zeroed") == errc::bad_msg_key);
  CHECK(verdict("reject_wrong_session_id") == errc::wrong_session);
  CHECK(verdict("reject_length_9999999_beyond_packet") == errc::bad_message_length);
  CHECK(verdict("reject_length_3_not_multiple_of_4") == errc::bad_message_length);
  CHECK(verdict("reject_padding_0_below_12") == errc::bad_padding);
  // Reflected: what a client sent comes back.
  CHECK(verdict("mtcute_client_packet") == errc::bad_msg_key);
}

TEST_CASE("sizes and keys are checked before anything is decrypted") {
  const auto key = key_of("mtcute_key");
  auto packet = vectors().bytes("accept");
  CHECK(open(key, Side::server, Bytes(packet.begin(), packet.begin() + 71), false).error() ==
        errc::packet_too_short);
  auto longer = packet;
  longer.resize(packet.size() + 4);
  CHECK(open(key, Side::server, longer, false).error() == errc::packet_bad_length);
  longer.resize(packet.size() + 15);
  CHECK(open(key, Side::server, longer, true).has_value());
  packet[0] ^= 1;
  CHECK(open(key, Side::server, packet, false).error() == errc::wrong_auth_key);
}

TEST_CASE("padding takes 12 to 1024 bytes and no more") {
  const auto key = key_of("mtcute_key");
  const auto with_padding = [&](std::size_t padding) {
    Bytes plain(32 + 4 + padding);
    plain[28] = 4;
    const auto msg_key = message_key(message_key_large(key, Side::client, plain));
    const auto aes = message_aes(key, Side::client, msg_key);
    ige_encrypt(aes.key, aes.iv, plain);
    Bytes packet;
    tl::Writer(packet).int64(static_cast<std::int64_t>(key.id().value())).raw(msg_key).raw(plain);
    return open(key, Side::client, packet, false);
  };
  CHECK(with_padding(12).has_value());
  CHECK(with_padding(1020).has_value());
  CHECK(with_padding(1036).error() == errc::bad_padding);
}

TEST_CASE("what is sealed is opened, by the other side only, whatever its length") {
  const auto key = key_of("grammers_key");
  support::ScriptedRandom random;
  for (std::size_t size = 0; size < 200; size += 4) {
    const Bytes body(size, 0x55);
    Bytes packet;
    seal(key, Side::server, {1, SessionId(2), MessageId(3), 4}, body, random, packet);
    CHECK(packet.size() % 16 == 8);
    CHECK(packet.size() - 24 - 32 - size >= 12);
    CHECK(packet.size() - 24 - 32 - size <= 27);
    const auto opened = open(key, Side::server, packet, false);
    REQUIRE(opened.has_value());
    CHECK(opened->head.salt == 1);
    CHECK(opened->head.session == SessionId(2));
    CHECK(opened->head.id == MessageId(3));
    CHECK(opened->head.seqno == 4);
    CHECK(Bytes(opened->body().begin(), opened->body().end()) == body);
    CHECK(open(key, Side::client, packet, false).error() == errc::bad_msg_key);
  }
}

TEST_CASE("a flipped bit anywhere behind the key's id is a wrong msg_key") {
  const auto key = key_of("grammers_key");
  support::ScriptedRandom random;
  Bytes packet;
  seal(key, Side::server, {1, SessionId(2), MessageId(3), 4}, Bytes(32), random, packet);
  for (std::size_t bit = 64; bit < packet.size() * 8; ++bit) {
    auto bad = packet;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    CHECK(open(key, Side::server, bad, false).error() == errc::bad_msg_key);
  }
}

TEST_CASE("four negative bytes are a transport error, with padding where the framing has it") {
  Bytes four{0x6c, 0xfe, 0xff, 0xff};
  CHECK(transport_error(four, false) == -404);
  four.resize(19);
  CHECK(transport_error(four, true) == -404);
  CHECK_FALSE(transport_error(four, false).has_value());
  four.resize(20);
  CHECK_FALSE(transport_error(four, true).has_value());
  CHECK_FALSE(transport_error(Bytes(4), false).has_value());
  CHECK(transport_error_code(-404) == errc::auth_key_not_found);
  CHECK(transport_error_code(-429) == errc::transport_flood);
  CHECK(transport_error_code(-444) == errc::wrong_data_centre);
  CHECK(transport_error_code(-1) == errc::transport_error);
}
