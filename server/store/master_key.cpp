#include "server/store/master_key.hpp"

#include <openssl/evp.h>

#include <memory>
#include <new>

#include "mtproto/crypto/system_random.hpp"

namespace server::store {
namespace {

constexpr std::uint8_t seal_version = 1;
constexpr std::size_t nonce_size = 12, tag_size = 16, head_size = 1 + nonce_size;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

// What fails here fails for want of memory.
void need(int succeeded) {
  if (succeeded != 1) throw std::bad_alloc();
}

// Ready for the text, the place counted in.
Context begin(bool sealing, const mtproto::Secret<MasterKey::size>& key, const std::uint8_t* nonce,
              std::string_view place) {
  Context context(EVP_CIPHER_CTX_new());
  if (!context) throw std::bad_alloc();
  need(EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.bytes().data(), nonce,
                         sealing ? 1 : 0));
  int ignored = 0;
  const auto counted = tl::as_bytes(place);
  need(EVP_CipherUpdate(context.get(), nullptr, &ignored, counted.data(),
                        static_cast<int>(counted.size())));
  return context;
}

}  // namespace

MasterKey MasterKey::random() {
  mtproto::Secret<size> bytes;
  mtproto::SystemRandom().fill(bytes.bytes());
  return MasterKey(std::as_const(bytes).bytes());
}

tl::Bytes MasterKey::seal(tl::ByteView secret, std::string_view place) const {
  tl::Bytes out(head_size + secret.size() + tag_size);
  out[0] = seal_version;
  mtproto::SystemRandom().fill(std::span(out).subspan(1, nonce_size));
  const auto context = begin(true, key_, out.data() + 1, place);
  int written = 0;
  auto* text = out.data() + head_size;
  need(EVP_CipherUpdate(context.get(), text, &written, secret.data(),
                        static_cast<int>(secret.size())));
  need(EVP_CipherFinal_ex(context.get(), text + written, &written));
  need(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size, text + secret.size()));
  return out;
}

StoreResult<mtproto::SecretBytes> MasterKey::unseal(tl::ByteView sealed,
                                                    std::string_view place) const {
  const StoreError wrong{StoreErrc::wrong_key,
                         "it was sealed with another key, or changed since it was written"};
  if (sealed.size() < head_size + tag_size || sealed[0] != seal_version) return wrong;
  const auto context = begin(false, key_, sealed.data() + 1, place);
  mtproto::SecretBytes out(sealed.size() - head_size - tag_size);
  int written = 0;
  need(EVP_CipherUpdate(context.get(), out.bytes().data(), &written, sealed.data() + head_size,
                        static_cast<int>(out.size())));
  auto tag = sealed.last<tag_size>();
  need(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size,
                           const_cast<std::uint8_t*>(tag.data())));
  if (EVP_CipherFinal_ex(context.get(), out.bytes().data() + written, &written) != 1) return wrong;
  return out;
}

}  // namespace server::store
