// gzip_packed. core.telegram.org/mtproto/service_messages#packed-object
//
//   gzip_packed 3072cfa1 | bytes( a gzip stream of a boxed object )
//
// Some clients write a zlib stream there (mtcute does): it is read too, gzip is what is written.
#pragma once

#include <cstdint>
#include <optional>

#include "mtproto/errc.hpp"
#include "tl/bytes.hpp"
#include "tl/result.hpp"

namespace mtproto {

inline constexpr std::uint32_t gzip_packed_id = 0x3072cfa1;

bool is_gzip_packed(tl::ByteView body);
// The object inside, after `room` bytes for something else; at most `max` bytes of it. bad_gzip,
// gzip_too_long.
tl::Result<tl::Bytes> unpack_gzip(tl::ByteView gzip_packed, std::size_t max, std::size_t room = 0);
// The same of one that is large and names a length that is at most `max`: memory goes back to the
// system as it is read, so that there is never much more than the larger of the two. Where that fails
// only the first `kept_of_gzip` bytes of it are what they were. bad_gzip.
inline constexpr std::size_t large_gzip = std::size_t{1} << 20;
inline constexpr std::size_t kept_of_gzip = std::size_t{64} << 10;
bool can_use_up_gzip(tl::ByteView gzip_packed, std::size_t max);
tl::Result<tl::Bytes> use_up_gzip(std::span<std::uint8_t> gzip_packed, std::size_t room = 0);
// A gzip stream of it, or none where that would not be shorter.
std::optional<tl::Bytes> gzip(tl::ByteView body);
// The whole gzip_packed object, or none where it would not be shorter than `body`.
std::optional<tl::Bytes> pack_gzip(tl::ByteView body);

}  // namespace mtproto
