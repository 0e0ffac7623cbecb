// How a call shows whom it comes from: the symmetric signatures of Standard Webhooks 1.0.0,
// standardwebhooks.com. The receiver has the same secret, and libraries for it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mtproto/crypto/secret.hpp"
#include "tl/random.hpp"
#include "tl/result.hpp"

namespace server::webhooks {

inline constexpr std::size_t shortest_secret = 24, longest_secret = 64;  // bytes

// "whsec_" and base64 of 24 to 64 bytes: these bytes. An error is a sentence that repeats nothing
// of it.
tl::Result<mtproto::SecretBytes, std::string> read_webhook_secret(std::string_view text);
// 32 bytes.
mtproto::SecretBytes make_webhook_secret(tl::Random&);
// As people and libraries take it; secret itself.
mtproto::SecretBytes webhook_secret_text(const mtproto::SecretBytes& secret);

// The header webhook-signature: "v1,…" of HMAC-SHA256 over id.timestamp.body. `timestamp`: Unix time
// in seconds, as in the header webhook-timestamp.
std::string webhook_signature(const mtproto::SecretBytes& secret, std::string_view id,
                              std::int64_t timestamp, std::string_view body);

}  // namespace server::webhooks
