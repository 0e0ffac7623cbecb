#include "mtproto/crypto/aes.hpp"

#include "mtproto/crypto/ige.hpp"
#include "mtproto/crypto/openssl.hpp"

namespace mtproto {
namespace {

void run_ige(ige::Direction direction, const AesKey& key, const IgeIv& iv,
             std::span<std::uint8_t> data) {
  if (ige::has_instructions()) {
    ige::by_instructions(direction, key, iv, data);
  } else {
    ige::by_openssl(direction, key, iv, data);
  }
}

}  // namespace

void ige_encrypt(const AesKey& key, const IgeIv& iv, std::span<std::uint8_t> data) {
  run_ige(ige::Direction::encrypt, key, iv, data);
}

void ige_decrypt(const AesKey& key, const IgeIv& iv, std::span<std::uint8_t> data) {
  run_ige(ige::Direction::decrypt, key, iv, data);
}

struct CtrStream::State {
  openssl::CipherContext context{openssl::need(EVP_CIPHER_CTX_new())};
};

CtrStream::CtrStream(const AesKey& key, std::span<const std::uint8_t, 16> iv)
    : state_(std::make_unique<State>()) {
  static const openssl::Cipher cipher(
      openssl::need(EVP_CIPHER_fetch(nullptr, "AES-256-CTR", nullptr)));
  openssl::need(EVP_EncryptInit_ex2(state_->context.get(), cipher.get(), key.bytes().data(),
                                    iv.data(), nullptr));
}

CtrStream::~CtrStream() = default;
CtrStream::CtrStream(CtrStream&&) noexcept = default;
CtrStream& CtrStream::operator=(CtrStream&&) noexcept = default;

void CtrStream::apply(std::span<std::uint8_t> data) {
  constexpr std::size_t most = std::size_t{1} << 30;  // OpenSSL counts in int
  while (!data.empty()) {
    auto part = data.first(std::min(data.size(), most));
    int written = 0;
    openssl::need(EVP_EncryptUpdate(state_->context.get(), part.data(), &written, part.data(),
                                    static_cast<int>(part.size())));
    data = data.subspan(part.size());
  }
}

}  // namespace mtproto
