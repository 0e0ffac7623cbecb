#include "mtproto/message/gzip.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <memory>

#include "tl/reader.hpp"
#include "tl/writer.hpp"

namespace mtproto {
namespace {

struct Free {
  void operator()(libdeflate_decompressor* it) const { libdeflate_free_decompressor(it); }
  void operator()(libdeflate_compressor* it) const { libdeflate_free_compressor(it); }
};

libdeflate_decompressor* decompressor() {
  thread_local const std::unique_ptr<libdeflate_decompressor, Free> it(
      libdeflate_alloc_decompressor());
  return it.get();
}

libdeflate_compressor* compressor() {
  thread_local const std::unique_ptr<libdeflate_compressor, Free> it(
      libdeflate_alloc_compressor(6));
  return it.get();
}

// A byte of deflate stands for at most this many.
constexpr std::size_t best_ratio = 1032;
// gzip: a head of 10 bytes and a tail of 8 (checksum, length). RFC 1952
constexpr std::size_t least_gzip = 18;
// zlib: a head of 2 bytes and a tail of 4 (checksum). RFC 1950
constexpr std::size_t least_zlib = 6;

bool is_zlib(tl::ByteView packed) {
  constexpr int deflate = 8;
  return packed.size() >= least_zlib && (packed[0] & 0x0f) == deflate &&
         (packed[0] << 8 | packed[1]) % 31 == 0;
}

// Where to begin. gzip's tail names the length; it may lie, so it is never taken for more than so
// many bytes can hold.
std::size_t first_guess(tl::ByteView packed, bool zlib, std::size_t possible) {
  const std::size_t named = zlib ? packed.size() * 4 : tl::Reader(packed.last(4)).nat();
  return std::clamp<std::size_t>(named, 1, std::max<std::size_t>(possible, 1));
}

libdeflate_result inflate(tl::ByteView packed, bool zlib, std::span<std::uint8_t> out,
                          std::size_t& used) {
  const auto run = zlib ? libdeflate_zlib_decompress : libdeflate_gzip_decompress;
  return run(decompressor(), packed.data(), packed.size(), out.data(), out.size(), &used);
}

}  // namespace

bool is_gzip_packed(tl::ByteView body) { return tl::Reader(body).peek() == gzip_packed_id; }

tl::Result<tl::Bytes> unpack_gzip(tl::ByteView gzip_packed, std::size_t max, std::size_t room) {
  tl::Reader read(gzip_packed);
  read.expect(gzip_packed_id);
  const auto packed = read.bytes();
  if (!read || decompressor() == nullptr) return errc::bad_gzip;
  const bool zlib = is_zlib(packed);
  if (!zlib && packed.size() < least_gzip) return errc::bad_gzip;
  // The tail may lie, but nobody does so to say more.
  if (!zlib && tl::Reader(packed.last(4)).nat() > max) return errc::gzip_too_long;
  const auto possible = std::min(max, packed.size() * best_ratio);
  auto size = first_guess(packed, zlib, possible);
  for (;;) {
    tl::Bytes out(room + size);
    std::size_t used = 0;
    switch (inflate(packed, zlib, std::span(out).subspan(room), used)) {
      case LIBDEFLATE_SUCCESS:
        if (used > max) return errc::gzip_too_long;
        out.resize(room + used);
        return out;
      case LIBDEFLATE_INSUFFICIENT_SPACE:
        if (size >= possible) return errc::gzip_too_long;
        size = std::min(possible, size * 2);
        break;
      default:
        return errc::bad_gzip;
    }
  }
}

std::optional<tl::Bytes> gzip(tl::ByteView body) {
  if (body.size() <= least_gzip || compressor() == nullptr) return {};
  tl::Bytes out(body.size() - 1);
  const auto size =
      libdeflate_gzip_compress(compressor(), body.data(), body.size(), out.data(), out.size());
  if (size == 0) return {};
  out.resize(size);
  return out;
}

std::optional<tl::Bytes> pack_gzip(tl::ByteView body) {
  // A TL string holds less than 2^24 bytes.
  constexpr std::size_t longest = (std::size_t{1} << 24) - 1;
  constexpr std::size_t overhead = 4 + 4 + 3;
  if (body.size() <= overhead + least_gzip || compressor() == nullptr) return {};
  tl::Bytes packed(std::min(body.size() - overhead, longest));
  const auto size = libdeflate_gzip_compress(compressor(), body.data(), body.size(), packed.data(),
                                             packed.size());
  if (size == 0) return {};
  packed.resize(size);
  tl::Bytes out;
  out.reserve(size + overhead);
  tl::Writer(out).nat(gzip_packed_id).bytes(packed);
  if (out.size() >= body.size()) return {};
  return out;
}

}  // namespace mtproto
