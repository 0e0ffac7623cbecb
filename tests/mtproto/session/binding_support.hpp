// The server that a temporary key is bound with, by hand: what was said to it, and what it says.
#pragma once

#include <catch2/catch.hpp>

#include "mtproto/message/bind_message.hpp"
#include "tests/mtproto/talk.hpp"

namespace support {

struct SaidBinding {
  mtproto::MessageHead head;
  mtproto::BindTempAuthKey request;
  mtproto::BindAuthKeyInner inner;
};

inline SaidBinding read_binding(const tl::Bytes& packet, const mtproto::AuthKey& permanent,
                                const mtproto::AuthKey& temporary) {
  const auto opened = mtproto::open(temporary, mtproto::Side::client, packet, false);
  REQUIRE(opened.has_value());
  const auto request = mtproto::read_service<mtproto::BindTempAuthKey>(opened->body());
  REQUIRE(request.has_value());
  const auto message = mtproto::open_binding(permanent, request->encrypted_message);
  REQUIRE(message.has_value());
  // The one rule that everything else is about.
  CHECK(message->message == opened->head.id);
  CHECK(message->inner.nonce == request->nonce);
  CHECK(message->inner.temp_session_id == opened->head.session);
  CHECK(message->inner.temp_auth_key_id == temporary.id());
  CHECK(message->inner.perm_auth_key_id == request->perm_auth_key_id);
  CHECK(opened->head.seqno % 2 == 1);
  return {opened->head, *request, message->inner};
}

// One message of the server's, as a session finds it.
inline mtproto::Incoming said_under(const mtproto::AuthKey& key, mtproto::SessionId session,
                                    mtproto::MessageId id, tl::ByteView body, tl::Random& random) {
  tl::Bytes packet;
  mtproto::seal(key, mtproto::Side::server, {0, session, id, 1}, body, random, packet);
  auto opened = mtproto::open(key, mtproto::Side::server, packet, false);
  REQUIRE(opened.has_value());
  return mtproto::unpack(std::move(*opened), key.id(), 1000);
}

}  // namespace support
