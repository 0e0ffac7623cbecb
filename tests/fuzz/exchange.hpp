// What the two halves of the key exchange have in common for their fuzz targets: messages as they
// should be, and ways to spoil them.
#pragma once

#include "mtproto/crypto/dh.hpp"
#include "mtproto/crypto/rsa.hpp"
#include "mtproto/exchange/derived.hpp"
#include "mtproto/exchange/messages.hpp"
#include "tests/fuzz/support.hpp"
#include "tests/support/scripted_random.hpp"

namespace fuzz {

using namespace mtproto;

inline const RsaPrivateKey& rsa_key() {
  static const auto key = RsaPrivateKey::generate();
  return key;
}

inline const Time start_time = Time(std::chrono::hours(5));
inline const UnixTime start_wall = UnixTime(std::chrono::seconds(1'700'000'000));

// 3^exponent by the prime that everybody knows.
inline DhNumber power_of_three(ByteView exponent) {
  static const std::uint8_t base[] = {3};
  return public_power(base, exponent, known_prime());
}

// Remembers the first 32 bytes drawn (new_nonce) and the last 256 (b).
class WatchedRandom final : public tl::Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    random_.fill(out);
    if (out.size() == 32 && first_32.empty()) first_32.assign(out.begin(), out.end());
    if (out.size() == 256) last_256.assign(out.begin(), out.end());
  }
  Bytes first_32, last_256;

 private:
  support::ScriptedRandom random_{5};
};

enum class How : std::uint8_t { right, spoilt_outside, spoilt_inside, raw_outside, raw_inside };

inline How how(Input& in) { return static_cast<How>(in.below(5)); }

// A few bytes of it changed, or cut off, as the input says.
inline Bytes spoil(Bytes bytes, Input& in) {
  const auto changes = in.below(4);
  for (std::size_t i = 0; i < changes && !bytes.empty(); ++i) {
    const auto at = in.number(2) % bytes.size();
    bytes[at] ^= in.byte();
  }
  if (changes == 0) bytes.resize(bytes.size() - std::min<std::size_t>(bytes.size(), in.byte()));
  return bytes;
}

inline Bytes inner(How chosen, Bytes right, Input& in) {
  if (chosen == How::spoilt_inside) return spoil(std::move(right), in);
  if (chosen != How::raw_inside) return right;
  const auto raw = in.piece();
  return {raw.begin(), raw.end()};
}

inline Bytes outer(How chosen, Bytes right, Input& in) {
  if (chosen == How::spoilt_outside) return spoil(std::move(right), in);
  if (chosen != How::raw_outside) return right;
  const auto raw = in.piece();
  return {raw.begin(), raw.end()};
}

// Runs what the machine hands out. The first error ends it.
template <class Machine>
tl::Result<void> work(Machine& machine, Time now) {
  for (int turns = 0; turns < 100; ++turns) {
    auto list = machine.take_work();
    if (list.empty()) return {};
    for (auto& it : list) {
      it->run();
      if (auto done = machine.done(std::move(it), now); !done) return done;
    }
  }
  promise(false, "work comes to an end");
  return {};
}

}  // namespace fuzz
