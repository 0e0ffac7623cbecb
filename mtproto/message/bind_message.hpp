// What ties a temporary key to a permanent one: auth.bindTempAuthKey, and the message inside of it,
// which is encrypted by the permanent key as MTProto 1.0 did it.
// core.telegram.org/method/auth.bindTempAuthKey, /mtproto/description_v1
//
//   encrypted_message = perm_auth_key_id 8 | msg_key 16 | AES-256-IGE(
//       random 16 | msg_id 8 | seqno = 0: 4 | length = 40: 4 | bind_auth_key_inner 40 | random 8 )
//
// msg_id is that of the request itself, so that it is built anew whenever that is said again.
#pragma once

#include "mtproto/crypto/auth_key.hpp"
#include "mtproto/message/fields.hpp"
#include "mtproto/message/kdf.hpp"
#include "tl/random.hpp"

namespace mtproto {

struct BindAuthKeyInner {
  static constexpr const char* name = "bind_auth_key_inner";
  static constexpr std::uint32_t id = 0x75a3f765;
  std::uint64_t nonce = 0;
  AuthKeyId temp_auth_key_id;
  AuthKeyId perm_auth_key_id;
  SessionId temp_session_id;
  std::int32_t expires_at = 0;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("nonce", self.nonce);
    visit("temp_auth_key_id", self.temp_auth_key_id);
    visit("perm_auth_key_id", self.perm_auth_key_id);
    visit("temp_session_id", self.temp_session_id);
    visit("expires_at", self.expires_at);
  }
};

struct BindTempAuthKey {
  static constexpr const char* name = "auth.bindTempAuthKey";
  static constexpr std::uint32_t id = 0xcdd42a05;
  AuthKeyId perm_auth_key_id;
  std::uint64_t nonce = 0;
  std::int32_t expires_at = 0;
  Bytes encrypted_message;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("perm_auth_key_id", self.perm_auth_key_id);
    visit("nonce", self.nonce);
    visit("expires_at", self.expires_at);
    visit("encrypted_message", self.encrypted_message);
  }
};

// MTProto 1.0: SHA1(plaintext without its padding)[4:20], and what follows from it.
MessageKey message_key_v1(ByteView plaintext);
MessageAes message_aes_v1(const AuthKey&, Side from, const MessageKey&);

// The message that is to go as `message`.
Bytes seal_binding(const AuthKey& permanent, const BindAuthKeyInner&, MessageId message,
                   tl::Random&);

struct OpenedBinding {
  MessageId message;
  BindAuthKeyInner inner;
};

// packet_bad_length, wrong_auth_key, bad_msg_key, malformed_message.
tl::Result<OpenedBinding> open_binding(const AuthKey& permanent, ByteView encrypted_message);

}  // namespace mtproto
