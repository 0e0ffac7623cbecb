// SHA-256 by the processor's instructions. FIPS 180-4, 6.2.
#include <cstring>

#include "mtproto/crypto/secret.hpp"
#include "mtproto/crypto/sha_ways.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace mtproto::sha {

#if defined(__x86_64__)

#define WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))

namespace {

constexpr std::size_t block_size = 64;
constexpr auto short_size = std::tuple_size_v<Sha256Pair::value_type>;

alignas(16) constexpr std::uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// Not every compiler's __builtin_cpu_supports() knows it by name.
bool names_sha_extension() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b >> 29 & 1) != 0;
}

// The eight words a to h as the instructions want them: a b e f and c d g h, a and c on top.
struct State {
  __m128i abef;
  __m128i cdgh;
};

WITH_SHA State first_state() {
  return {_mm_set_epi32(0x6a09e667, static_cast<int>(0xbb67ae85), 0x510e527f,
                        static_cast<int>(0x9b05688c)),
          _mm_set_epi32(0x3c6ef372, static_cast<int>(0xa54ff53a), 0x1f83d9ab, 0x5be0cd19)};
}

WITH_SHA __m128i swap_words(__m128i words) {
  return _mm_shuffle_epi8(words,
                          _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
}

// Rounds go by four, and so do the words of the message: those of sixteen rounds are at hand, and
// each four that were used make room for the four that follow from them. Each round waits for the
// one before, so that a second message beside the first (`lanes` 2) costs next to nothing.
template <int lanes>
WITH_SHA void compress(State* states, const std::uint8_t* const* blocks) {
  __m128i words[lanes][4];
  State now[lanes];
  for (int lane = 0; lane < lanes; ++lane) {
    const auto* block = reinterpret_cast<const __m128i*>(blocks[lane]);
    for (int i = 0; i < 4; ++i) words[lane][i] = swap_words(_mm_loadu_si128(block + i));
    now[lane] = states[lane];
  }
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) {
    const auto constants = _mm_load_si128(reinterpret_cast<const __m128i*>(round_constants) + i);
#pragma GCC unroll 2
    for (int lane = 0; lane < lanes; ++lane) {
      auto& [abef, cdgh] = now[lane];
      auto& word = words[lane];
      const auto mixed = _mm_add_epi32(word[i % 4], constants);
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, mixed);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(mixed, 0x0e));
      if (i >= 12) continue;
      const auto& last = word[(i + 3) % 4];
      const auto sum = _mm_add_epi32(_mm_sha256msg1_epu32(word[i % 4], word[(i + 1) % 4]),
                                     _mm_alignr_epi8(last, word[(i + 2) % 4], 4));
      word[i % 4] = _mm_sha256msg2_epu32(sum, last);
    }
  }
  for (int lane = 0; lane < lanes; ++lane) {
    states[lane].abef = _mm_add_epi32(states[lane].abef, now[lane].abef);
    states[lane].cdgh = _mm_add_epi32(states[lane].cdgh, now[lane].cdgh);
  }
}

WITH_SHA void compress(State& state, const std::uint8_t* block) { compress<1>(&state, &block); }

void put_size(std::uint64_t bytes, std::uint8_t* block) {
  const auto bits = __builtin_bswap64(bytes * 8);
  std::memcpy(block + block_size - sizeof bits, &bits, sizeof bits);
}

WITH_SHA void put_state(const State& state, std::uint8_t* to) {
  const auto abef = _mm_shuffle_epi32(state.abef, 0x1b);  // f e b a, from the bottom: a b e f
  const auto cdgh = _mm_shuffle_epi32(state.cdgh, 0x1b);
  const auto abcd = _mm_unpacklo_epi64(abef, cdgh);
  const auto efgh = _mm_unpackhi_epi64(abef, cdgh);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), swap_words(abcd));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to) + 1, swap_words(efgh));
}

}  // namespace

bool has_instructions() {
  static const bool has =
      __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("ssse3") && names_sha_extension();
  return has;
}

WITH_SHA void by_instructions(std::initializer_list<tl::ByteView> pieces, Sha256& out) {
  auto state = first_state();
  std::uint8_t block[block_size];
  std::size_t used = 0;
  std::uint64_t size = 0;
  for (auto piece : pieces) {
    if (piece.empty()) continue;
    size += piece.size();
    if (used != 0) {
      const auto part = std::min(piece.size(), block_size - used);
      std::memcpy(block + used, piece.data(), part);
      used += part;
      piece = piece.subspan(part);
      if (used < block_size) continue;
      compress(state, block);
      used = 0;
    }
    for (; piece.size() >= block_size; piece = piece.subspan(block_size)) {
      compress(state, piece.data());
    }
    if (!piece.empty()) std::memcpy(block, piece.data(), piece.size());
    used = piece.size();
  }
  block[used++] = 0x80;
  if (used > block_size - 8) {
    std::memset(block + used, 0, block_size - used);
    compress(state, block);
    used = 0;
  }
  std::memset(block + used, 0, block_size - 8 - used);
  put_size(size, block);
  compress(state, block);
  put_state(state, out.data());
  wipe(block);
}

WITH_SHA void by_instructions(const Sha256Pair& messages, Sha256& first, Sha256& second) {
  State states[] = {first_state(), first_state()};
  std::uint8_t ends[2][block_size];
  for (int i = 0; i < 2; ++i) {
    std::memcpy(ends[i], messages[i].data(), short_size);
    std::memset(ends[i] + short_size, 0, block_size - short_size);
    ends[i][short_size] = 0x80;
    put_size(short_size, ends[i]);
  }
  const std::uint8_t* const blocks[] = {ends[0], ends[1]};
  compress<2>(states, blocks);
  put_state(states[0], first.data());
  put_state(states[1], second.data());
  wipe(ends[0]);
  wipe(ends[1]);
}

#else

bool has_instructions() { return false; }

void by_instructions(std::initializer_list<tl::ByteView> pieces, Sha256& out) {
  by_openssl(pieces, out);
}

void by_instructions(const Sha256Pair& messages, Sha256& first, Sha256& second) {
  by_openssl({messages[0]}, first);
  by_openssl({messages[1]}, second);
}

#endif

}  // namespace mtproto::sha
