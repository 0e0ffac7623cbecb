// The stream as it travels once a feigned TLS handshake is over: cut into records that say that
// they hold application data. Nothing is encrypted here; the obfuscation inside has seen to it.
//
//   17 03 03 | length 2, big-endian | data          14 03 03 00 01 01   once, before a client's
#pragma once

#include <array>

#include "mtproto/crypto/secret.hpp"
#include "tl/result.hpp"

namespace mtproto {

enum class TlsRecord : std::uint8_t {
  change_cipher_spec = 0x14,
  alert = 0x15,
  handshake = 0x16,
  application_data = 0x17
};

inline constexpr std::size_t tls_record_head = 5;
inline constexpr std::size_t longest_tls_record = (std::size_t{1} << 14) + 256;
inline constexpr std::array<std::uint8_t, 6> change_cipher_spec{0x14, 3, 3, 0, 1, 1};

// Appends the head of a record.
void put_record_head(TlsRecord type, std::size_t length, Bytes& out);

class RecordWriter {
 public:
  enum class Begin : bool { at_once, after_change };
  explicit RecordWriter(Begin begin) : change_due_(begin == Begin::after_change) {}
  void write(ByteView data, Bytes& out);

 private:
  bool change_due_;
};

class RecordReader {
 public:
  // Appends what data there is in `bytes` to `out`. errc::bad_tls_record where they are no
  // records; what came before in the same bytes is in `out` all the same.
  tl::Result<void> read(ByteView bytes, Bytes& out);

 private:
  tl::Result<void> begin_record();

  std::array<std::uint8_t, tls_record_head> head_{};
  std::size_t have_ = 0;  // of the head
  std::size_t left_ = 0;  // of the record
};

}  // namespace mtproto
