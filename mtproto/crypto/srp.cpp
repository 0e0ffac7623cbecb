#include "mtproto/crypto/srp.hpp"

#include "mtproto/crypto/openssl.hpp"
#include "mtproto/crypto/sha.hpp"
#include "mtproto/errc.hpp"

namespace mtproto {
namespace {

using openssl::Number;

DhNumber to_dh_number(ByteView big_endian) {
  DhNumber out{};
  const auto size = std::min(big_endian.size(), out.size());
  std::copy_n(big_endian.end() - static_cast<std::ptrdiff_t>(size), size,
              out.end() - static_cast<std::ptrdiff_t>(size));
  return out;
}

DhNumber pad(std::int32_t g) {
  DhNumber out{};
  out.back() = static_cast<std::uint8_t>(g);  // 2 to 7
  return out;
}

// SH(data, salt) = H(salt | data | salt)
Secret<32> salted(ByteView data, ByteView salt) {
  auto hash = sha256({salt, data, salt});
  Secret<32> out(hash);
  wipe(hash);
  return out;
}

// k = H(p | pad(g))
Sha256 multiplier(const DhNumber& p, std::int32_t g) { return sha256({p, pad(g)}); }

// M1 = H( H(p) ^ H(pad(g)) | H(salt1) | H(salt2) | A | B | K ), K = H(S)
Sha256 proof(const SrpAlgorithm& algorithm, const DhNumber& p, const DhNumber& A, const DhNumber& B,
             const Secret<256>& S) {
  auto K = sha256({S.bytes()});
  auto mixed = sha256({p});
  const auto g_hash = sha256({pad(algorithm.g)});
  for (std::size_t i = 0; i < mixed.size(); ++i) mixed[i] ^= g_hash[i];
  auto M1 = sha256({mixed, sha256({algorithm.salt1}), sha256({algorithm.salt2}), A, B, K});
  wipe(K);
  return M1;
}

// Whether 1 < x < p − 1.
bool is_inside(const DhNumber& x, const DhNumber& p) {
  auto value = openssl::number(x);
  auto high = openssl::number(p);
  openssl::need(BN_sub_word(high.get(), 1));
  return !BN_is_zero(value.get()) && !BN_is_one(value.get()) && BN_cmp(value.get(), high.get()) < 0;
}

}  // namespace

// PH1 = SH(SH(password, salt1), salt2)
// PH2 = SH(PBKDF2-HMAC-SHA512(PH1, salt1, 100000), salt2)
Secret<32> srp_password_hash(const SrpAlgorithm& algorithm, ByteView password) {
  const auto first = salted(salted(password, algorithm.salt1).bytes(), algorithm.salt2);
  Secret<64> stretched;
  openssl::need(PKCS5_PBKDF2_HMAC(
      reinterpret_cast<const char*>(first.bytes().data()), static_cast<int>(first.bytes().size()),
      algorithm.salt1.data(), static_cast<int>(algorithm.salt1.size()), 100000, EVP_sha512(),
      static_cast<int>(stretched.bytes().size()), stretched.bytes().data()));
  return salted(stretched.bytes(), algorithm.salt2);
}

// u = H(A | B),  t = (B − k · g^x) mod p,  S = t^(a + u · x) mod p
SrpAnswer srp_answer_with(const SrpAlgorithm& algorithm, const DhNumber& B, ByteView password,
                          ByteView a) {
  const auto p = to_dh_number(algorithm.p);
  const auto g = pad(algorithm.g);
  const auto x = srp_password_hash(algorithm, password);
  SrpAnswer out;
  out.A = public_power(g, a, p);

  auto context = openssl::number_context();
  auto modulus = openssl::number(p);
  const auto v = power(g, x.bytes(), p);
  auto t = openssl::number();
  openssl::need(BN_mod_mul(t.get(), openssl::number(multiplier(p, algorithm.g)).get(),
                           openssl::secret_number(v.bytes()).get(), modulus.get(), context.get()));
  openssl::need(
      BN_mod_sub(t.get(), openssl::number(B).get(), t.get(), modulus.get(), context.get()));
  auto exponent = openssl::number();
  openssl::need(BN_mul(exponent.get(), openssl::number(sha256({out.A, B})).get(),
                       openssl::secret_number(x.bytes()).get(), context.get()));
  openssl::need(BN_add(exponent.get(), exponent.get(), openssl::secret_number(a).get()));

  Secret<256> base;
  Secret<320> long_exponent;  // of at most 2049 bits, and of one length whatever it is
  openssl::put(t.get(), base.bytes());
  openssl::put(exponent.get(), long_exponent.bytes());
  const auto S = power(base.bytes(), long_exponent.bytes(), p);
  out.M1 = proof(algorithm, p, out.A, B, S);
  return out;
}

tl::Result<SrpAnswer> srp_answer(const SrpAlgorithm& algorithm, ByteView srp_B, ByteView password,
                                 tl::Random& random) {
  if (algorithm.p.size() != 256) return make_error_code(errc::bad_prime);
  const auto p = to_dh_number(algorithm.p);
  if (auto proven = prove_prime(p); !proven) return proven.error();
  if (auto good = check_generator(algorithm.g, p); !good) return good.error();
  if (srp_B.size() < 248 || srp_B.size() > 256) return make_error_code(errc::bad_srp);
  const auto B = to_dh_number(srp_B);
  if (B == DhNumber{} || B >= p) return make_error_code(errc::bad_srp);

  for (int attempt = 0; attempt < 8; ++attempt) {
    Secret<256> a;
    random.fill(a.bytes());
    auto answer = srp_answer_with(algorithm, B, password, a.bytes());
    const bool u_is_zero = sha256({answer.A, B}) == Sha256{};
    if (in_range(answer.A, p) && !u_is_zero) return answer;
  }
  return make_error_code(errc::bad_srp);
}

DhNumber srp_verifier(const SrpAlgorithm& algorithm, ByteView password) {
  const auto x = srp_password_hash(algorithm, password);
  return public_power(pad(algorithm.g), x.bytes(), to_dh_number(algorithm.p));
}

// B = (k · v + g^b) mod p
SrpChallenge srp_challenge(const SrpAlgorithm& algorithm, const DhNumber& verifier,
                           tl::Random& random) {
  const auto p = to_dh_number(algorithm.p);
  auto context = openssl::number_context();
  auto modulus = openssl::number(p);
  SrpChallenge out;
  random.fill(out.b.bytes());
  const auto g_b = power(pad(algorithm.g), out.b.bytes(), p);
  auto B = openssl::number();
  openssl::need(BN_mod_mul(B.get(), openssl::number(multiplier(p, algorithm.g)).get(),
                           openssl::number(verifier).get(), modulus.get(), context.get()));
  openssl::need(BN_mod_add(B.get(), B.get(), openssl::number(g_b.bytes()).get(), modulus.get(),
                           context.get()));
  openssl::put(B.get(), out.B);
  return out;
}

// S = (A · v^u)^b mod p
bool srp_check(const SrpAlgorithm& algorithm, const DhNumber& verifier,
               const SrpChallenge& challenge, ByteView A, ByteView M1) {
  if (A.size() > 256) return false;
  const auto p = to_dh_number(algorithm.p);
  const auto padded_A = to_dh_number(A);
  if (!is_inside(padded_A, p)) return false;
  auto context = openssl::number_context();
  auto modulus = openssl::number(p);
  const auto u = sha256({padded_A, challenge.B});
  const auto v_u = power(verifier, u, p);
  auto base = openssl::number();
  openssl::need(BN_mod_mul(base.get(), openssl::number(padded_A).get(),
                           openssl::secret_number(v_u.bytes()).get(), modulus.get(),
                           context.get()));
  Secret<256> padded_base;
  openssl::put(base.get(), padded_base.bytes());
  const auto S = power(padded_base.bytes(), challenge.b.bytes(), p);
  return same_secret(proof(algorithm, p, padded_A, challenge.B, S), M1);
}

}  // namespace mtproto
