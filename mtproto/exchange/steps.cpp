#include "mtproto/exchange/steps.hpp"

#include <random>

#include "mtproto/crypto/factorize.hpp"
#include "mtproto/errc.hpp"
#include "tl/random.hpp"

namespace mtproto {
namespace {

// Where Pollard's walk starts is no secret, and nobody gains by choosing it: no need for good
// randomness, which does not leave its thread.
class WalkRandom final : public tl::Random {
 public:
  explicit WalkRandom(std::uint64_t seed) : generator_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(generator_());
  }

 private:
  std::mt19937_64 generator_;
};

ByteView byte_of(const std::uint8_t& small) { return {&small, 1}; }

tl::Result<void> check(const DhNumber& p, std::int32_t g, const DhNumber& g_a) {
  if (auto proven = prove_prime(p); !proven) return proven;
  if (auto good = check_generator(g, p); !good) return good;
  if (!in_range(g_a, p)) return make_error_code(errc::bad_g_a);
  return {};
}

}  // namespace

void Factoring::run() {
  WalkRandom random(pq);
  factors = factorize(pq, random);
}

void ClientPowers::run() {
  checked = check(p, g, g_a);
  if (!checked) return;
  const auto base = static_cast<std::uint8_t>(g);
  g_b = public_power(byte_of(base), b.bytes(), p);
  auth_key = power(g_a, b.bytes(), p);
}

void ServerOpening::run() {
  auto opened = key.decrypt(encrypted_data);
  if (opened) {
    inner_data = SecretBytes(ByteView(*opened));
    wipe(*opened);
  } else {
    inner_data = opened.error();
  }
  const auto base = static_cast<std::uint8_t>(g);
  g_a = public_power(byte_of(base), a.bytes(), known_prime());
}

void ServerPower::run() { auth_key = power(g_b, a.bytes(), known_prime()); }

}  // namespace mtproto
