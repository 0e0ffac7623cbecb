#include "server/session_files/tdf.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <new>

#include "mtproto/crypto/sha.hpp"
#include "mtproto/message/bind_message.hpp"
#include "tl/reader.hpp"

namespace server::session_files {
namespace {

constexpr std::size_t tdf_head = 8;
constexpr std::size_t md5_size = 16;

std::array<std::uint8_t, 4> little_endian(std::size_t number) {
  std::array<std::uint8_t, 4> out{};
  for (auto& byte : out) {
    byte = static_cast<std::uint8_t>(number);
    number >>= 8;
  }
  return out;
}

void need_openssl(int succeeded) {
  if (succeeded != 1) throw std::bad_alloc();
}

}  // namespace

Outcome<tl::ByteView> tdf_data(tl::ByteView file) {
  if (file.size() < tdf_head + md5_size || !tl::as_text(file).starts_with(tdf_magic)) {
    return std::string("no file of Telegram Desktop");
  }
  const auto data = file.subspan(tdf_head, file.size() - tdf_head - md5_size);
  const auto sum =
      mtproto::md5({data, little_endian(data.size()), file.subspan(4, 4), tl::as_bytes(tdf_magic)});
  if (!std::ranges::equal(sum, file.last(md5_size))) {
    return std::string("damaged: its checksum is another one");
  }
  return data;
}

std::optional<mtproto::SecretBytes> decrypt_tdf(tl::ByteView encrypted,
                                                const mtproto::AuthKey& key) {
  mtproto::MessageKey msg_key{};
  if (encrypted.size() < msg_key.size() + 16 || encrypted.size() % 16 != 0) return {};
  std::copy_n(encrypted.begin(), msg_key.size(), msg_key.begin());
  mtproto::SecretBytes plain(encrypted.subspan(msg_key.size()));
  const auto aes = mtproto::message_aes_v1(key, mtproto::Side::server, msg_key);
  mtproto::ige_decrypt(aes.key, aes.iv, plain.bytes());
  const auto hash = mtproto::sha1({plain.bytes()});
  if (!mtproto::same_secret(tl::ByteView(hash).first(msg_key.size()), msg_key)) return {};
  const std::size_t size = tl::Reader(plain.bytes()).nat();
  if (size < 4 || size > plain.size()) return {};
  return mtproto::SecretBytes(tl::ByteView(plain.bytes()).subspan(4, size - 4));
}

mtproto::AuthKey passcode_key(tl::ByteView salt, tl::ByteView passcode) {
  mtproto::SecretBytes whole(2 * salt.size() + passcode.size());
  auto at = std::ranges::copy(salt, whole.bytes().begin()).out;
  at = std::ranges::copy(passcode, at).out;
  std::ranges::copy(salt, at);
  mtproto::Secret<64> hash;
  need_openssl(EVP_Digest(whole.bytes().data(), whole.size(), hash.bytes().data(), nullptr,
                          EVP_sha512(), nullptr));
  mtproto::Secret<mtproto::AuthKey::size> key;
  need_openssl(PKCS5_PBKDF2_HMAC(
      reinterpret_cast<const char*>(hash.bytes().data()), static_cast<int>(hash.bytes().size()),
      salt.data(), static_cast<int>(salt.size()), passcode.empty() ? 1 : 100'000, EVP_sha512(),
      static_cast<int>(key.bytes().size()), key.bytes().data()));
  return mtproto::AuthKey(key.bytes());
}

}  // namespace server::session_files
