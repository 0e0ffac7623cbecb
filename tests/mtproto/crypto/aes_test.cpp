#include "mtproto/crypto/aes.hpp"

#include <libdeflate.h>
#include <catch2/catch.hpp>

#include "mtproto/crypto/ige.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/vectors.hpp"

using namespace mtproto;
using support::hex;
using support::sequence;
using support::unhex;

namespace {

AesKey key_of(const Bytes& bytes) { return AesKey(ByteView(bytes).first<32>()); }
IgeIv iv_of(const Bytes& bytes) { return IgeIv(ByteView(bytes).first<32>()); }

Bytes encrypted(Bytes data, const Bytes& key, const Bytes& iv) {
  ige_encrypt(key_of(key), iv_of(iv), data);
  return data;
}

Bytes decrypted(Bytes data, const Bytes& key, const Bytes& iv) {
  ige_decrypt(key_of(key), iv_of(iv), data);
  return data;
}

// How tdutils/test/crypto.cpp of tdlib/td makes its operands.
class TdlibBytes {
 public:
  explicit TdlibBytes(std::size_t seed) : seed_(static_cast<std::uint32_t>(seed)) {}
  Bytes next(std::size_t count) {
    Bytes out(count);
    for (auto& byte : out) {
      seed_ = seed_ * 123457567u + 987651241u;
      byte = static_cast<std::uint8_t>(seed_ >> 23);
    }
    return out;
  }

 private:
  std::uint32_t seed_;
};

std::uint32_t crc32(const Bytes& bytes) { return libdeflate_crc32(0, bytes.data(), bytes.size()); }

}  // namespace

TEST_CASE("IGE of known blocks, in both directions") {
  const auto same = sequence(0, 0x1f);
  CHECK(hex(encrypted(same, same, same)) ==
        "e28112a53e5c89c7b1ea8071c133699fd4e86b26c4bac9fc5af1ab8ce27a44a4");
  CHECK(hex(decrypted(same, same, same)) ==
        "e5777afacd7b2c16f7ac40cae61ef603fee6098fb8a8860ab9ee672cd7e5bacc");

  const auto key = unhex("5468697320697320616e20696d706c655468697320697320616e20696d706c65");
  const auto iv = unhex("6d656e746174696f6e206f6620494745206d6f646520666f72204f70656e5353");
  const auto plain = unhex("99706487a1cde613bc6de0b6f24b1c7aa448c8b9c3403e3467a8cad89340f53b");
  const auto cipher = unhex("792ea8ae577b1a66cb3bd92679b8030ca54ee631976bd3a04547fdcb4639fa69");
  CHECK(hex(encrypted(plain, key, iv)) == hex(cipher));
  CHECK(hex(decrypted(cipher, key, iv)) == hex(plain));
}

TEST_CASE("IGE of generated data agrees with TDLib's checksums") {
  const std::pair<std::size_t, std::uint32_t> sums[] = {
      {0, 0},           {16, 2045698207},   {32, 2423540300},
      {256, 525522475}, {1024, 1545267325}, {65536, 724143417}};
  for (const auto& [size, sum] : sums) {
    TdlibBytes bytes(size);
    const auto data = bytes.next(size), key = bytes.next(32), iv = bytes.next(32);
    const auto cipher = encrypted(data, key, iv);
    CHECK(crc32(cipher) == sum);
    CHECK(decrypted(cipher, key, iv) == data);
  }
}

TEST_CASE("Processor instructions and OpenSSL compute the same IGE") {
  if (!ige::has_instructions()) {
    WARN("no AES instructions here: nothing to compare");
    return;
  }
  support::ScriptedRandom random(7);
  for (std::size_t blocks = 0; blocks <= 40; ++blocks) {
    AesKey key;
    IgeIv iv;
    Bytes data(blocks * 16 + 1);  // not aligned
    random.fill(key.bytes());
    random.fill(iv.bytes());
    random.fill(data);
    for (auto direction : {ige::Direction::encrypt, ige::Direction::decrypt}) {
      auto one = data, other = data;
      ige::by_instructions(direction, key, iv, std::span(one).subspan(1));
      ige::by_openssl(direction, key, iv, std::span(other).subspan(1));
      CHECK(one == other);
    }
  }
}

TEST_CASE("A flipped bit of the ciphertext spoils every block behind it") {
  const auto key = sequence(0, 31), iv = sequence(32, 63);
  auto cipher = encrypted(Bytes(96, 7), key, iv);
  cipher[20] ^= 1;
  const auto plain = decrypted(cipher, key, iv);
  CHECK(std::equal(plain.begin(), plain.begin() + 16, Bytes(16, 7).begin()));
  for (std::size_t block = 1; block < 6; ++block) {
    CHECK_FALSE(std::equal(plain.begin() + static_cast<long>(16 * block),
                           plain.begin() + static_cast<long>(16 * block + 16),
                           Bytes(16, 7).begin()));
  }
}

TEST_CASE("CTR of generated data agrees with TDLib's checksums") {
  const std::pair<std::size_t, std::uint32_t> sums[] = {
      {0, 0}, {1, 1141589763}, {31, 596296607}, {32, 3673001485}, {33, 2302125528}};
  for (const auto& [size, sum] : sums) {
    TdlibBytes bytes(size);
    auto data = bytes.next(size);
    const auto key = bytes.next(32), iv = bytes.next(16);
    CtrStream(key_of(key), ByteView(iv).first<16>()).apply(data);
    CHECK(crc32(data) == sum);
  }
}

TEST_CASE("A CTR stream keeps its place however the data is cut") {
  const auto key = sequence(0, 31);
  const auto iv = Bytes(16, 0xff);  // the counter overflows
  auto whole = Bytes(1000, 0);
  CtrStream(key_of(key), ByteView(iv).first<16>()).apply(whole);
  for (std::size_t piece : {1, 3, 15, 16, 17, 64, 999}) {
    auto cut = Bytes(1000, 0);
    CtrStream stream(key_of(key), ByteView(iv).first<16>());
    for (std::size_t at = 0; at < cut.size(); at += piece) {
      stream.apply(std::span(cut).subspan(at, std::min(piece, cut.size() - at)));
    }
    CHECK(cut == whole);
  }
}
