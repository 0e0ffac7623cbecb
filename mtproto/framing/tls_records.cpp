#include "mtproto/framing/tls_records.hpp"

#include <algorithm>
#include <utility>

#include "mtproto/errc.hpp"

namespace mtproto {
namespace {

// What Telegram's own clients send at most in one.
constexpr std::size_t most_data = 2878;

}  // namespace

void put_record_head(TlsRecord type, std::size_t length, Bytes& out) {
  out.insert(out.end(),
             {static_cast<std::uint8_t>(type), 3, 3, static_cast<std::uint8_t>(length >> 8),
              static_cast<std::uint8_t>(length & 0xff)});
}

void RecordWriter::write(ByteView data, Bytes& out) {
  if (std::exchange(change_due_, false)) tl::append(out, change_cipher_spec);
  while (!data.empty()) {
    const auto size = std::min(data.size(), most_data);
    put_record_head(TlsRecord::application_data, size, out);
    tl::append(out, data.first(size));
    data = data.subspan(size);
  }
}

tl::Result<void> RecordReader::read(ByteView bytes, Bytes& out) {
  while (!bytes.empty()) {
    if (have_ < head_.size()) {
      head_[have_++] = bytes[0];
      bytes = bytes.subspan(1);
      if (have_ < head_.size()) continue;
      if (auto begun = begin_record(); !begun) return begun;
    }
    const auto size = std::min(left_, bytes.size());
    if (head_[0] == static_cast<std::uint8_t>(TlsRecord::application_data)) {
      tl::append(out, bytes.first(size));
    }
    bytes = bytes.subspan(size);
    left_ -= size;
    if (left_ == 0) have_ = 0;
  }
  return {};
}

tl::Result<void> RecordReader::begin_record() {
  left_ = static_cast<std::size_t>(head_[3]) << 8 | head_[4];
  const auto type = static_cast<TlsRecord>(head_[0]);
  const bool data = type == TlsRecord::application_data && left_ <= longest_tls_record;
  const bool change = type == TlsRecord::change_cipher_spec && left_ == 1;
  if ((!data && !change) || head_[1] != 3 || head_[2] != 3) return errc::bad_tls_record;
  return {};
}

}  // namespace mtproto
