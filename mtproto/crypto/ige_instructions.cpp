#include "mtproto/crypto/ige.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mtproto::ige {

#if defined(__x86_64__)

#define WITH_AES __attribute__((target("aes,sse4.1")))

namespace {

constexpr std::size_t rounds = 14;

struct Schedule {
  __m128i key[rounds + 1];
  ~Schedule() { wipe({reinterpret_cast<std::uint8_t*>(key), sizeof key}); }
};

WITH_AES __m128i load(const std::uint8_t* from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

WITH_AES void store(std::uint8_t* to, __m128i block) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), block);
}

// w_i ^ w_{i-1} ^ w_{i-2} ^ w_{i-3} in each word, then the word that the key schedule mixes in.
WITH_AES __m128i expand(__m128i key, __m128i mixed) {
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
  return _mm_xor_si128(key, mixed);
}

template <int round_constant>
WITH_AES void expand_pair(__m128i* key) {
  key[2] =
      expand(key[0], _mm_shuffle_epi32(_mm_aeskeygenassist_si128(key[1], round_constant), 0xff));
  key[3] = expand(key[1], _mm_shuffle_epi32(_mm_aeskeygenassist_si128(key[2], 0), 0xaa));
}

WITH_AES void expand_key(const AesKey& from, Schedule& to) {
  auto* key = to.key;
  key[0] = load(from.bytes().data());
  key[1] = load(from.bytes().data() + 16);
  expand_pair<0x01>(key);
  expand_pair<0x02>(key + 2);
  expand_pair<0x04>(key + 4);
  expand_pair<0x08>(key + 6);
  expand_pair<0x10>(key + 8);
  expand_pair<0x20>(key + 10);
  key[14] = expand(key[12], _mm_shuffle_epi32(_mm_aeskeygenassist_si128(key[13], 0x40), 0xff));
}

// The schedule of the equivalent inverse cipher.
WITH_AES void invert(Schedule& schedule) {
  auto* key = schedule.key;
  for (std::size_t i = 0; i < rounds / 2; ++i) std::swap(key[i], key[rounds - i]);
  for (std::size_t i = 1; i < rounds; ++i) key[i] = _mm_aesimc_si128(key[i]);
}

// A block's input waits for the output before it, so the rounds of two blocks can't overlap. What
// can leave the chain does: the last round's key takes in_{i-1}, and also in_{i+1} and the first
// round's key, so that the round instruction itself yields the next block's input.
template <Direction direction>
WITH_AES void run(const Schedule& schedule, __m128i before_out, __m128i before_in,
                  std::span<std::uint8_t> data) {
  const auto* key = schedule.key;
  auto* at = data.data();
  auto* const end = at + data.size();
  __m128i in = load(at);
  __m128i state = _mm_xor_si128(_mm_xor_si128(in, key[0]), before_out);
  while (true) {
    const bool last = at + 16 == end;
    const __m128i next_in = last ? in : load(at + 16);
    const __m128i ahead = _mm_xor_si128(next_in, key[0]);
    const __m128i last_key = _mm_xor_si128(_mm_xor_si128(key[rounds], before_in), ahead);
    for (std::size_t round = 1; round < rounds; ++round) {
      if constexpr (direction == Direction::encrypt) {
        state = _mm_aesenc_si128(state, key[round]);
      } else {
        state = _mm_aesdec_si128(state, key[round]);
      }
    }
    if constexpr (direction == Direction::encrypt) {
      state = _mm_aesenclast_si128(state, last_key);
    } else {
      state = _mm_aesdeclast_si128(state, last_key);
    }
    store(at, _mm_xor_si128(state, ahead));
    if (last) return;
    before_in = in;
    in = next_in;
    at += 16;
  }
}

}  // namespace

bool has_instructions() {
  static const bool has = __builtin_cpu_supports("aes") && __builtin_cpu_supports("sse4.1");
  return has;
}

WITH_AES void by_instructions(Direction direction, const AesKey& key, const IgeIv& iv,
                              std::span<std::uint8_t> data) {
  if (data.empty()) return;
  Schedule schedule;
  expand_key(key, schedule);
  const auto* first = iv.bytes().data();
  if (direction == Direction::encrypt) {
    run<Direction::encrypt>(schedule, load(first), load(first + 16), data);
  } else {
    invert(schedule);
    run<Direction::decrypt>(schedule, load(first + 16), load(first), data);
  }
}

#else

bool has_instructions() { return false; }

void by_instructions(Direction direction, const AesKey& key, const IgeIv& iv,
                     std::span<std::uint8_t> data) {
  by_openssl(direction, key, iv, data);
}

#endif

}  // namespace mtproto::ige
