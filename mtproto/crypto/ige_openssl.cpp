#include "mtproto/crypto/ige.hpp"
#include "mtproto/crypto/openssl.hpp"

namespace mtproto::ige {
namespace {

void exclusive_or(std::span<std::uint8_t, 16> to, const std::uint8_t* from) {
  for (std::size_t i = 0; i < 16; ++i) to[i] ^= from[i];
}

}  // namespace

void by_openssl(Direction direction, const AesKey& key, const IgeIv& iv,
                std::span<std::uint8_t> data) {
  static const openssl::Cipher cipher(
      openssl::need(EVP_CIPHER_fetch(nullptr, "AES-256-ECB", nullptr)));
  openssl::CipherContext context(openssl::need(EVP_CIPHER_CTX_new()));
  const int encrypt = direction == Direction::encrypt ? 1 : 0;
  openssl::need(EVP_CipherInit_ex2(context.get(), cipher.get(), key.bytes().data(), nullptr,
                                   encrypt, nullptr));
  openssl::need(EVP_CIPHER_CTX_set_padding(context.get(), 0));

  Secret<16> before_out(iv.bytes().subspan(encrypt ? 0 : 16).first<16>());
  Secret<16> before_in(iv.bytes().subspan(encrypt ? 16 : 0).first<16>());
  Secret<16> in;
  for (std::size_t at = 0; at + 16 <= data.size(); at += 16) {
    auto block = data.subspan(at).first<16>();
    in = Secret<16>(block);
    exclusive_or(block, before_out.bytes().data());
    int written = 0;
    openssl::need(EVP_CipherUpdate(context.get(), block.data(), &written, block.data(), 16));
    exclusive_or(block, before_in.bytes().data());
    before_in = in;
    before_out = Secret<16>(block);
  }
}

}  // namespace mtproto::ige
