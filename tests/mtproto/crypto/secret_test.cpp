#include "mtproto/crypto/secret.hpp"

#include <catch2/catch.hpp>
#include <new>

#include "tests/support/vectors.hpp"

using namespace mtproto;
using support::sequence;

TEST_CASE("Secrets are the same only when every byte and the length are") {
  const auto secret = sequence(1, 32);
  CHECK(same_secret(secret, sequence(1, 32)));
  CHECK(same_secret({}, {}));
  CHECK_FALSE(same_secret(secret, sequence(1, 31)));
  for (std::size_t i = 0; i < secret.size(); ++i) {
    auto other = secret;
    other[i] ^= 1;
    CHECK_FALSE(same_secret(secret, other));
  }
}

TEST_CASE("A secret is overwritten when it goes") {
  alignas(Secret<32>) std::uint8_t place[sizeof(Secret<32>)];
  auto* secret = new (place) Secret<32>(ByteView(sequence(1, 32)).first<32>());
  CHECK(place[0] == 1);
  secret->~Secret();
  CHECK(std::all_of(std::begin(place), std::end(place), [](auto byte) { return byte == 0; }));
}
