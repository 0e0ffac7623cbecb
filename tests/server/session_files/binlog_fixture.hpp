// A binlog as TDLib writes it.
#pragma once

#include <openssl/evp.h>

#include <numeric>

#include "mtproto/crypto/aes.hpp"
#include "mtproto/crypto/auth_key.hpp"
#include "mtproto/crypto/hmac.hpp"
#include "tests/server/session_files/fixture.hpp"
#include "tl/writer.hpp"

namespace session_file_test {

inline std::uint32_t crc32_of(tl::ByteView bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const auto byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
  }
  return ~crc;
}

inline tl::Bytes binlog_event(std::int64_t id, std::int32_t type, std::int32_t flags,
                              const tl::Bytes& data) {
  tl::Bytes out;
  tl::Writer write(out);
  write.nat(static_cast<std::uint32_t>(28 + data.size() + 4)).int64(id).int32(type).int32(flags);
  write.int64(0).raw(data);
  tl::Writer(out).nat(crc32_of(out));
  return out;
}

inline tl::Bytes binlog_pair(const std::string& name, tl::ByteView value) {
  tl::Bytes out;
  tl::Writer(out).bytes(tl::as_bytes(name)).bytes(value);
  return out;
}

inline tl::Bytes binlog_key_value(std::uint8_t first, std::int32_t flags) {
  const auto bytes = key_bytes(first);
  const mtproto::AuthKey key{std::span<const std::uint8_t, 256>(bytes)};
  tl::Bytes out;
  tl::Writer(out)
      .int64(static_cast<std::int64_t>(key.id().value()))
      .int32(flags)
      .bytes(bytes)
      .float64(1.8e9);
  return out;
}

class Binlog {
 public:
  static constexpr std::int32_t common = 0x4327, config = 0x1f18, removal = -2;

  Binlog& event(std::int64_t id, std::int32_t type, std::int32_t flags, const tl::Bytes& data) {
    tl::append(events, binlog_event(id, type, flags, data));
    return *this;
  }
  Binlog& value(std::int64_t id, const std::string& name, std::string_view text,
                std::int32_t type = common, std::int32_t flags = 0) {
    return event(id, type, flags, binlog_pair(name, tl::as_bytes(text)));
  }
  Binlog& key(std::int64_t id, int dc, std::uint8_t first, std::int32_t of_key = 5,
              std::int32_t flags = 0) {
    return event(id, common, flags,
                 binlog_pair("auth" + std::to_string(dc), binlog_key_value(first, of_key)));
  }

  std::string encrypted(const std::string& database_key = "cucumber") const {
    tl::Bytes salt(32), iv(16, 0xff);
    std::iota(salt.begin(), salt.end(), std::uint8_t{7});
    mtproto::AesKey aes;
    PKCS5_PBKDF2_HMAC(database_key.data(), static_cast<int>(database_key.size()), salt.data(), 32,
                      2, EVP_sha256(), 32, aes.bytes().data());
    const auto check = mtproto::hmac_sha256(aes.bytes(), {tl::as_bytes("cucumbers everywhere")});
    tl::Bytes head, rest = events;
    tl::Writer(head).int32(0).bytes(salt).bytes(iv).bytes(check);
    mtproto::CtrStream(aes, std::span<const std::uint8_t, 16>(iv)).apply(rest);
    auto out = binlog_event(0, -3, 0, head);
    tl::append(out, rest);
    return std::string(tl::as_text(out));
  }

  tl::Bytes events;
};

}  // namespace session_file_test
