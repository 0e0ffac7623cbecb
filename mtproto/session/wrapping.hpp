// What goes around a request's body on its way out.
// core.telegram.org/api/invoking
//
//   prefix (invokeWithLayer(initConnection( …) | invokeAfterMsg(s) | body, all of it gzip_packed
#pragma once

#include <span>

#include "mtproto/ids.hpp"
#include "tl/bytes.hpp"

namespace mtproto {

// Longer bodies are packed where that helps.
inline constexpr std::size_t worth_packing = 512;

// The body of `query` as the message says it. Gzip only where it helps, and never for parts of
// files (they are compressed already, or not worth the time).
tl::Bytes wrap(tl::ByteView prefix, std::span<const MessageId> after, tl::ByteView query);

}  // namespace mtproto
