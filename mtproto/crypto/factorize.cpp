#include "mtproto/crypto/factorize.hpp"

#include <bit>
#include <cmath>
#include <numeric>

namespace mtproto {
namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t multiply(std::uint64_t a, std::uint64_t b, std::uint64_t modulus) {
  return static_cast<std::uint64_t>(Wide{a} * b % modulus);
}

std::uint64_t raise(std::uint64_t base, std::uint64_t exponent, std::uint64_t modulus) {
  std::uint64_t out = 1;
  for (base %= modulus; exponent != 0; exponent >>= 1) {
    if (exponent & 1) out = multiply(out, base, modulus);
    base = multiply(base, base, modulus);
  }
  return out;
}

// n odd; n − 1 = odd · 2^twos. Whether `base` proves n composite.
bool is_witness(std::uint64_t base, std::uint64_t n, std::uint64_t odd, int twos) {
  auto x = raise(base, odd, n);
  if (x == 1 || x == n - 1) return false;
  for (int i = 1; i < twos; ++i) {
    x = multiply(x, x, n);
    if (x == n - 1) return false;
  }
  return true;
}

// Multiplies modulo an odd n below 2^63 with two multiplications in place of a division (P. Montgomery,
// Modular multiplication without trial division, 1985). A product comes out divided by 2^64, which
// is a unit modulo n: it divides no less.
class ProductModulo {
 public:
  explicit ProductModulo(std::uint64_t n) : n_(n), minus_inverse_(n) {
    // Newton: the inverse of n modulo 2^64, right in three bits at first, in twice as many each time.
    for (int bits = 3; bits < 64; bits *= 2) minus_inverse_ *= 2 - n * minus_inverse_;
    minus_inverse_ = 0 - minus_inverse_;
  }

  std::uint64_t operator()(std::uint64_t a, std::uint64_t b) const {
    const auto product = Wide{a} * b;
    const auto multiple = static_cast<std::uint64_t>(product) * minus_inverse_;
    const auto out = static_cast<std::uint64_t>((product + Wide{multiple} * n_) >> 64);
    return out < n_ ? out : out - n_;
  }

 private:
  std::uint64_t n_, minus_inverse_;
};

std::uint64_t distance(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : b - a; }

// Pollard's rho as Brent walks it: x → x² + c, compared with where the last power of two left it,
// 128 differences multiplied before one gcd. That x² comes divided by 2^64 makes it another walk,
// and no worse. A proper divisor of n, or n where this c finds none.
std::uint64_t find_divisor(std::uint64_t n, std::uint64_t start, std::uint64_t c) {
  constexpr std::uint64_t batch = 128;
  constexpr std::uint64_t most_steps = std::uint64_t{1}
                                       << 20;  // sqrt of a 32-bit prime, 16 times over
  const ProductModulo times(n);
  auto step = [&](std::uint64_t x) {
    const auto next = times(x, x) + c;
    return next < n ? next : next - n;
  };
  std::uint64_t y = start, tortoise = start, before_batch = start;
  std::uint64_t product = 1, divisor = 1;
  for (std::uint64_t lap = 1; divisor == 1 && lap <= most_steps; lap *= 2) {
    tortoise = y;
    for (std::uint64_t i = 0; i < lap; ++i) y = step(y);
    for (std::uint64_t done = 0; done < lap && divisor == 1; done += batch) {
      before_batch = y;
      for (std::uint64_t i = 0; i < std::min(batch, lap - done); ++i) {
        y = step(y);
        product = times(product, distance(tortoise, y));
      }
      divisor = std::gcd(product, n);
    }
  }
  if (divisor == n) {  // both factors fell into one batch: walk it again, step by step
    divisor = 1;
    for (auto x = before_batch; divisor == 1;) {
      x = step(x);
      divisor = std::gcd(distance(tortoise, x), n);
    }
  }
  return divisor == 1 ? n : divisor;
}

}  // namespace

bool is_prime(std::uint64_t n) {
  // These bases decide for every n below 3.3 · 10^24.
  constexpr std::uint64_t bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
  if (n < 2) return false;
  for (auto base : bases) {
    if (n % base == 0) return n == base;
  }
  const int twos = std::countr_zero(n - 1);
  const auto odd = (n - 1) >> twos;
  for (auto base : bases) {
    if (is_witness(base, n, odd, twos)) return false;
  }
  return true;
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> factorize(std::uint64_t pq,
                                                                 tl::Random& random) {
  if (pq < 15 || pq % 2 == 0 || pq > std::uint64_t{1} << 63 || is_prime(pq)) return std::nullopt;
  const auto root = static_cast<std::uint64_t>(std::llround(std::sqrt(static_cast<double>(pq))));
  if (root * root == pq) return std::nullopt;
  for (int attempt = 0; attempt < 16; ++attempt) {
    const auto start = random.word() % pq;
    const auto c = 1 + random.word() % (pq - 1);
    const auto divisor = find_divisor(pq, start, c);
    if (divisor == pq) continue;
    const auto p = std::min(divisor, pq / divisor), q = std::max(divisor, pq / divisor);
    if (p == q || !is_prime(p) || !is_prime(q)) return std::nullopt;
    return std::pair(p, q);
  }
  return std::nullopt;
}

}  // namespace mtproto
