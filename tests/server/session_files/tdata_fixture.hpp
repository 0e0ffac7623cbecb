// A folder tdata as Telegram Desktop writes it.
#pragma once

#include <openssl/evp.h>

#include "mtproto/crypto/sha.hpp"
#include "mtproto/message/bind_message.hpp"
#include "tests/server/session_files/fixture.hpp"

namespace session_file_test {

inline constexpr const char* first_name = "D877F783D5D3EF8C";
inline const tl::Bytes salt(32, 0x5a);

inline tl::Bytes big_endian(std::uint64_t number, std::size_t size) {
  tl::Bytes out;
  for (auto shift = size; shift-- > 0;) {
    out.push_back(static_cast<std::uint8_t>(number >> 8 * shift));
  }
  return out;
}

inline tl::Bytes join(std::initializer_list<tl::Bytes> pieces) {
  tl::Bytes out;
  for (const auto& piece : pieces) tl::append(out, piece);
  return out;
}

inline tl::Bytes array(const tl::Bytes& bytes) {
  return join({big_endian(bytes.size(), 4), bytes});
}

inline tl::Bytes reversed(tl::Bytes bytes) {
  std::ranges::reverse(bytes);
  return bytes;
}

inline mtproto::AuthKey local_key() {
  const auto bytes = key_bytes(100);
  return mtproto::AuthKey(std::span<const std::uint8_t, 256>(bytes));
}

inline tl::Bytes encrypt(const tl::Bytes& data, const mtproto::AuthKey& key) {
  auto plain = join({reversed(big_endian(data.size() + 4, 4)), data});
  plain.resize((plain.size() + 15) / 16 * 16, 0xcd);
  const auto hash = mtproto::sha1({plain});
  mtproto::MessageKey msg_key{};
  std::copy_n(hash.begin(), 16, msg_key.begin());
  const auto aes = mtproto::message_aes_v1(key, mtproto::Side::server, msg_key);
  mtproto::ige_encrypt(aes.key, aes.iv, plain);
  return join({tl::Bytes(msg_key.begin(), msg_key.end()), plain});
}

inline std::string tdf(const tl::Bytes& data) {
  const tl::Bytes magic{'T', 'D', 'F', '$'}, version{0x75, 0x20, 0x3d, 0x00};
  const auto sum = mtproto::md5({data, reversed(big_endian(data.size(), 4)), version, magic});
  return std::string(tl::as_text(join({magic, version, data, tl::Bytes(sum.begin(), sum.end())})));
}

// The key of a passcode as Telegram Desktop makes it, by OpenSSL alone.
inline mtproto::AuthKey key_of_passcode(const std::string& passcode) {
  tl::Bytes whole = join({salt, tl::Bytes(passcode.begin(), passcode.end()), salt});
  tl::Bytes hash(64), key(256);
  EVP_Digest(whole.data(), whole.size(), hash.data(), nullptr, EVP_sha512(), nullptr);
  PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(hash.data()), 64, salt.data(), 32,
                    passcode.empty() ? 1 : 100'000, EVP_sha512(), 256, key.data());
  return mtproto::AuthKey(std::span<const std::uint8_t, 256>(key));
}

using Keys = std::vector<std::pair<int, std::uint8_t>>;

inline tl::Bytes authorization(std::uint64_t user, int home, const Keys& keys) {
  auto out = join(
      {tl::Bytes(8, 0xff), big_endian(user, 8), big_endian(home, 4), big_endian(keys.size(), 4)});
  for (const auto& [dc, first] : keys) {
    tl::append(out, join({big_endian(dc, 4), key_bytes(first)}));
  }
  return join({out, big_endian(0, 4)});
}

class Tdata {
 public:
  explicit Tdata(std::vector<int> accounts = {0}, const std::string& passcode = "") {
    auto info = big_endian(accounts.size(), 4);
    for (const auto index : accounts) tl::append(info, big_endian(index, 4));
    tl::append(info, big_endian(~std::uint64_t{0}, 4));
    write("key_datas", join({array(salt), array(encrypt(key_bytes(100), key_of_passcode(passcode))),
                             array(encrypt(info, local_key()))}));
  }
  void account(const std::string& name, const tl::Bytes& said, int block = 75) {
    const auto plain = join({big_endian(block, 4), array(said)});
    write(name + "s", array(encrypt(plain, local_key())));
  }
  void environment(const std::string& name, int value) {
    const auto config = join({big_endian(1, 4), big_endian(value, 4), array(tl::Bytes(99, 1))});
    write(name + "/configs", array(encrypt(array(config), local_key())));
  }
  void write(const std::string& name, const tl::Bytes& data) const {
    folder.write("tdata/" + name, tdf(data));
  }
  fs::path path() const { return folder.path() / "tdata"; }

  support::TemporaryFolder folder;
};

}  // namespace session_file_test
