// AES-256 in the two modes of MTProto. IGE: c_i = AES(p_i ^ c_{i-1}) ^ p_{i-1}, with
// iv = c_0 | p_0. Processor instructions where there are any, OpenSSL elsewhere.
#pragma once

#include <memory>

#include "mtproto/crypto/secret.hpp"

namespace mtproto {

using AesKey = Secret<32>;
using IgeIv = Secret<32>;

// `data` is a multiple of 16 bytes long and is replaced in place.
void ige_encrypt(const AesKey& key, const IgeIv& iv, std::span<std::uint8_t> data);
void ige_decrypt(const AesKey& key, const IgeIv& iv, std::span<std::uint8_t> data);

// One direction of an AES-256-CTR stream with a big-endian 128-bit counter; keeps its place between
// calls.
class CtrStream {
 public:
  CtrStream(const AesKey& key, std::span<const std::uint8_t, 16> iv);
  ~CtrStream();
  CtrStream(CtrStream&&) noexcept;
  CtrStream& operator=(CtrStream&&) noexcept;

  void apply(std::span<std::uint8_t> data);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mtproto
