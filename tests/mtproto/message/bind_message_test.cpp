#include "mtproto/message/bind_message.hpp"

#include <catch2/catch.hpp>

#include "tests/support/hex.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/vectors.hpp"

using namespace mtproto;
using support::hex;
using support::operator+;

namespace {

const support::Vectors& vectors() {
  static const support::Vectors it("bind.txt");
  return it;
}

AuthKey permanent() {
  const auto bytes = support::sequence(0, 255);
  return AuthKey(std::span<const std::uint8_t, AuthKey::size>(bytes));
}

AuthKey temporary() {
  auto bytes = support::sequence(0, 255);
  std::reverse(bytes.begin(), bytes.end());
  return AuthKey(std::span<const std::uint8_t, AuthKey::size>(bytes));
}

std::uint64_t number(const std::string& name) {
  return std::stoull(vectors().text(name), nullptr, 16);
}

BindAuthKeyInner inner() {
  return {number("nonce"), temporary().id(), permanent().id(), SessionId(number("temp_session_id")),
          std::stoi(vectors().text("expires_at"))};
}

}  // namespace

TEST_CASE("the keys of MTProto 1.0 are what another implementation derives") {
  const auto bytes = support::sequence(0, 15);
  MessageKey msg_key{};
  std::copy(bytes.begin(), bytes.end(), msg_key.begin());
  const auto client = message_aes_v1(permanent(), Side::client, msg_key);
  CHECK(hex(client.key.bytes()) == vectors().text("client_key"));
  CHECK(hex(client.iv.bytes()) == vectors().text("client_iv"));
  const auto server = message_aes_v1(permanent(), Side::server, msg_key);
  CHECK(hex(server.key.bytes()) == vectors().text("server_key"));
  CHECK(hex(server.iv.bytes()) == vectors().text("server_iv"));
  CHECK(hex(message_key_v1(tl::as_bytes("bind-message-test-payload"))) ==
        vectors().text("msg_key_of_text"));
}

TEST_CASE("a bind message is byte by byte what another implementation writes") {
  CHECK(hex(write_service(inner())) == vectors().text("inner"));
  support::ScriptedRandom random(support::sequence(0xa0, 0xaf) + Bytes(8, 0x5a));
  const auto sealed = seal_binding(permanent(), inner(), MessageId(number("msg_id")), random);
  CHECK(hex(sealed) == vectors().text("encrypted_message"));
  CHECK(hex(ByteView(sealed).subspan(8, 16)) == vectors().text("msg_key"));
}

TEST_CASE("a bind message is opened by the permanent key and refused where one bit differs") {
  const auto message = vectors().bytes("encrypted_message");
  const auto opened = open_binding(permanent(), message);
  REQUIRE(opened.has_value());
  CHECK(opened->message.value() == number("msg_id"));
  CHECK(opened->inner.nonce == number("nonce"));
  CHECK(opened->inner.temp_auth_key_id == temporary().id());
  CHECK(opened->inner.perm_auth_key_id == permanent().id());
  CHECK(opened->inner.temp_session_id.value() == number("temp_session_id"));
  CHECK(opened->inner.expires_at == 1'700'000'000);
  CHECK(open_binding(temporary(), message).error() == errc::wrong_auth_key);
  CHECK(open_binding(permanent(), ByteView(message).first(88)).error() == errc::packet_bad_length);
  // All but the last block, half of which is padding that nothing protects.
  for (std::size_t at = 8; at < message.size() - 16; ++at) {
    auto wrong = message;
    wrong[at] ^= 1;
    CHECK(open_binding(permanent(), wrong).error() == errc::bad_msg_key);
  }
}
