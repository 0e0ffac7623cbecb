// libdeflate wants all that is packed and room for all that it stands for, at the same time; zlib can
// do with less, and is not much slower.
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>

#include "mtproto/message/gzip.hpp"
#include "tl/reader.hpp"

namespace mtproto {
namespace {

// Written in one go.
constexpr std::size_t at_once = std::size_t{256} << 10;

class Inflater {
 public:
  Inflater() : good_(inflateInit2(&state_, gzip_only) == Z_OK) {}
  ~Inflater() {
    if (good_) inflateEnd(&state_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  bool good() const { return good_; }
  void read_from(std::span<std::uint8_t> packed) {
    state_.next_in = packed.data();
    state_.avail_in = static_cast<unsigned>(packed.size());
  }
  // Z_OK where `out` is full.
  int write_to(std::span<std::uint8_t> out) {
    state_.next_out = out.data();
    state_.avail_out = static_cast<unsigned>(out.size());
    return inflate(&state_, Z_SYNC_FLUSH);
  }
  std::size_t room_left() const { return state_.avail_out; }
  const std::uint8_t* read_to() const { return state_.next_in; }

 private:
  static constexpr int gzip_only = 16 + MAX_WBITS;

  z_stream state_{};
  bool good_;
};

tl::ByteView packed_in(tl::ByteView gzip_packed) {
  tl::Reader read(gzip_packed);
  read.expect(gzip_packed_id);
  const auto packed = read.bytes();
  return read ? packed : tl::ByteView();
}

// As the tail names it.
std::size_t length_in(tl::ByteView packed) { return tl::Reader(packed.last(4)).nat(); }

// Gives whole pages back, from the front of a buffer on; they are zeros then.
class PagesGivenUp {
 public:
  explicit PagesGivenUp(const std::uint8_t* from) : from_(up(from)) {}

  void until(const std::uint8_t* to) {
    const auto end = reinterpret_cast<std::uintptr_t>(to) / page_ * page_;
    if (end <= from_) return;
    ::madvise(reinterpret_cast<void*>(from_), end - from_, MADV_DONTNEED);
    from_ = end;
  }

 private:
  std::uintptr_t up(const std::uint8_t* at) const {
    return (reinterpret_cast<std::uintptr_t>(at) + page_ - 1) / page_ * page_;
  }

  const std::uintptr_t page_ = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  std::uintptr_t from_;
};

}  // namespace

bool can_use_up_gzip(tl::ByteView gzip_packed, std::size_t max) {
  if (gzip_packed.size() < large_gzip) return false;
  const auto packed = packed_in(gzip_packed);
  const bool gzip = packed.size() >= large_gzip / 2 && packed[0] == 0x1f && packed[1] == 0x8b;
  return gzip && length_in(packed) <= max;
}

tl::Result<tl::Bytes> use_up_gzip(std::span<std::uint8_t> gzip_packed, std::size_t room) {
  const auto packed = packed_in(gzip_packed);
  const auto whole = room + length_in(packed);
  Inflater inflater;
  if (!inflater.good()) return errc::bad_gzip;
  const auto at = static_cast<std::size_t>(packed.data() - gzip_packed.data());
  inflater.read_from(gzip_packed.subspan(at, packed.size()));
  PagesGivenUp given_up(gzip_packed.data() + kept_of_gzip);
  tl::Bytes out;
  out.reserve(whole + 1);  // only addresses until it is written
  out.resize(room);
  while (true) {
    const auto before = out.size();
    out.resize(std::min(before + at_once, whole + 1));  // one too many is one that the tail denies
    const auto state = inflater.write_to(std::span(out).subspan(before));
    out.resize(out.size() - inflater.room_left());
    if (state == Z_STREAM_END) break;
    if (state != Z_OK || inflater.room_left() != 0 || out.size() > whole) return errc::bad_gzip;
    given_up.until(inflater.read_to());
  }
  if (out.size() != whole) return errc::bad_gzip;
  return out;
}

}  // namespace mtproto
