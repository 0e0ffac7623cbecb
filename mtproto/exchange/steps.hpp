// The slow steps of both halves of the key exchange. Each carries the turn it was handed out in: a
// result from a turn that is over is dropped.
#pragma once

#include <optional>
#include <utility>

#include "mtproto/crypto/dh.hpp"
#include "mtproto/crypto/rsa.hpp"
#include "mtproto/work.hpp"

namespace mtproto {

struct ExchangeStep : Work {
  std::uint64_t turn = 0;
};

// Client: pq into p and q.
struct Factoring final : ExchangeStep {
  explicit Factoring(std::uint64_t number) : pq(number) {}
  void run() override;

  std::uint64_t pq;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> factors;
};

// Client: is (g, p, g_a) fit to be used, and then g_b = g^b and auth_key = g_a^b.
struct ClientPowers final : ExchangeStep {
  void run() override;

  DhNumber p{};
  std::int32_t g = 0;
  DhNumber g_a{};
  Secret<256> b;

  tl::Result<void> checked;  // errc::bad_prime, bad_generator, bad_g_a
  DhNumber g_b{};
  Secret<256> auth_key;
};

// Server: what the client encrypted to our RSA key, and g_a = g^a.
struct ServerOpening final : ExchangeStep {
  explicit ServerOpening(RsaPrivateKey to) : key(std::move(to)) {}
  void run() override;

  RsaPrivateKey key;
  Bytes encrypted_data;
  std::int32_t g = 0;
  Secret<256> a;

  tl::Result<SecretBytes> inner_data;
  DhNumber g_a{};
};

// Server: auth_key = g_b^a.
struct ServerPower final : ExchangeStep {
  void run() override;

  DhNumber g_b{};
  Secret<256> a;

  Secret<256> auth_key;
};

}  // namespace mtproto
