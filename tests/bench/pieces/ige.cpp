// AES-256-IGE beside the ceiling of the cipher: AES-256-CBC encryption, which is as sequential.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include "mtproto/crypto/aes.hpp"
#include "tl/bytes.hpp"

namespace {

using mtproto::AesKey;
using mtproto::IgeIv;

constexpr std::size_t size = 65536;

AesKey key() {
  AesKey out;
  for (std::size_t i = 0; i < 32; ++i) out.bytes()[i] = static_cast<std::uint8_t>(7 * i + 1);
  return out;
}

IgeIv iv() {
  IgeIv out;
  for (std::size_t i = 0; i < 32; ++i) out.bytes()[i] = static_cast<std::uint8_t>(5 * i + 3);
  return out;
}

void told(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<std::int64_t>(size) *
                          static_cast<std::int64_t>(state.iterations()));
}

void ige_encrypt(benchmark::State& state) {
  tl::Bytes data(size);
  const auto with = key();
  const auto from = iv();
  for (auto _ : state) {
    mtproto::ige_encrypt(with, from, data);
    benchmark::DoNotOptimize(data.data());
  }
  told(state);
}
BENCHMARK(ige_encrypt);

void ige_decrypt(benchmark::State& state) {
  tl::Bytes data(size);
  const auto with = key();
  const auto from = iv();
  for (auto _ : state) {
    mtproto::ige_decrypt(with, from, data);
    benchmark::DoNotOptimize(data.data());
  }
  told(state);
}
BENCHMARK(ige_decrypt);

// The context stays, so that only the stream is measured.
void cbc_encrypt(benchmark::State& state) {
  tl::Bytes data(size);
  EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr);
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex2(context, cipher, key().bytes().data(), iv().bytes().data(), nullptr);
  EVP_CIPHER_CTX_set_padding(context, 0);
  for (auto _ : state) {
    int written = 0;
    if (EVP_EncryptUpdate(context, data.data(), &written, data.data(), size) != 1 ||
        written != size) {
      state.SkipWithError("OpenSSL does not encrypt");
      break;
    }
    benchmark::DoNotOptimize(data.data());
  }
  EVP_CIPHER_CTX_free(context);
  EVP_CIPHER_free(cipher);
  told(state);
}
BENCHMARK(cbc_encrypt);

}  // namespace
