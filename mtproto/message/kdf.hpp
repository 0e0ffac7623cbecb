// From an auth key and a message to the key that encrypts it.
// core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector
// x shifts the offsets into the auth key: 0 for what the client sends, 8 for what the server does.
#pragma once

#include <array>

#include "mtproto/crypto/aes.hpp"
#include "mtproto/crypto/auth_key.hpp"
#include "mtproto/crypto/sha.hpp"

namespace mtproto {

using MessageKey = std::array<std::uint8_t, 16>;

struct MessageAes {
  AesKey key;
  IgeIv iv;
};

// The hash that holds msg_key in its middle, and the token of a quick acknowledgement in front.
Sha256 message_key_large(const AuthKey& auth_key, Side from, ByteView plaintext_with_padding);
MessageKey message_key(const Sha256& large);
std::uint32_t quick_ack_token(const Sha256& large);

MessageAes message_aes(const AuthKey& auth_key, Side from, const MessageKey& msg_key);

}  // namespace mtproto
