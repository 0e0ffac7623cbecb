#include "mtproto/crypto/dh.hpp"

#include "mtproto/crypto/openssl.hpp"
#include "mtproto/errc.hpp"

namespace mtproto {
namespace {

openssl::Number safety_margin() {
  auto out = openssl::number();
  openssl::need(BN_set_bit(out.get(), 2048 - 64));
  return out;
}

}  // namespace

Secret<256> power(ByteView base, ByteView exponent, const DhNumber& modulus) {
  auto context = openssl::number_context();
  auto b = openssl::secret_number(base);
  auto e = openssl::secret_number(exponent);
  auto m = openssl::number(modulus);
  auto result = openssl::number();
  Secret<256> out;
  // It fails for an even modulus only; nobody comes here with a prime that was not proven.
  if (BN_mod_exp_mont_consttime(result.get(), b.get(), e.get(), m.get(), context.get(), nullptr)) {
    openssl::put(result.get(), out.bytes());
  }
  return out;
}

DhNumber public_power(ByteView base, ByteView exponent, const DhNumber& modulus) {
  const auto secret = power(base, exponent, modulus);
  DhNumber out;
  std::copy(secret.bytes().begin(), secret.bytes().end(), out.begin());
  return out;
}

tl::Result<void> check_generator(std::int32_t g, const DhNumber& p) {
  auto modulus = openssl::number(p);
  auto mod = [&](BN_ULONG divisor) { return BN_mod_word(modulus.get(), divisor); };
  auto generates = [&] {
    switch (g) {
      case 2:
        return mod(8) == 7;
      case 3:
        return mod(3) == 2;
      case 4:
        return true;
      case 5:
        return mod(5) == 1 || mod(5) == 4;
      case 6:
        return mod(24) == 19 || mod(24) == 23;
      case 7:
        return mod(7) == 3 || mod(7) == 5 || mod(7) == 6;
      default:
        return false;
    }
  };
  if (!generates()) return make_error_code(errc::bad_generator);
  return {};
}

bool in_range(ByteView x, const DhNumber& p) {
  if (x.size() > p.size()) return false;
  auto value = openssl::number(x);
  auto low = safety_margin();
  auto high = openssl::number(p);
  openssl::need(BN_sub(high.get(), high.get(), low.get()));
  return BN_cmp(low.get(), value.get()) <= 0 && BN_cmp(value.get(), high.get()) <= 0;
}

}  // namespace mtproto
