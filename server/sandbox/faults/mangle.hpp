// A client's message opened, made wrong and sealed again, so that a data centre that is in good
// order finds the fault and says so: with bad_server_salt, or with bad_msg_notification.
#pragma once

#include <optional>

#include "mtproto/crypto/auth_key.hpp"
#include "tl/bytes.hpp"
#include "tl/random.hpp"

namespace server::sandbox {

enum class Wrong : std::uint8_t { salt, seqno };

// Cuts off what the framing left behind the last block.
tl::ByteView without_padding(tl::ByteView packet);
bool is_sealed(tl::ByteView packet);

// None where the packet can't be opened.
std::optional<tl::Bytes> mangle(const mtproto::AuthKey& key, tl::ByteView packet, Wrong what,
                                tl::Random& random);

}  // namespace server::sandbox
