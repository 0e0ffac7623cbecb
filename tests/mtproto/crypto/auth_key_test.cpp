#include "mtproto/crypto/auth_key.hpp"

#include <catch2/catch.hpp>

#include "tests/support/vectors.hpp"

using namespace mtproto;
using support::hex;
using support::sequence;

TEST_CASE("What is derived from an auth key agrees with grammers") {
  const auto bytes = sequence(0, 255);
  const auto nonce = sequence(0, 31);
  const AuthKey key(ByteView(bytes).first<256>());
  const auto new_nonce = ByteView(nonce).first<32>();
  CHECK(key.id().value() == 0xc8df57a46e58d132);  // wire 32d1586ea457dfc8
  CHECK(hex(key.aux_hash()) == "4916d6bdb7f78e68");
  CHECK(hex(key.new_nonce_hash(new_nonce, 1)) == "c2ced2b33e593a55d27f4a5dabee7c67");
  CHECK(hex(key.new_nonce_hash(new_nonce, 2)) == "f4318e85bd2ff3be84d9fefce3dce39f");
  CHECK(hex(key.new_nonce_hash(new_nonce, 3)) == "4bf9d7b37db413ee431d28517631cb3d");
}

TEST_CASE("What is derived from an auth key agrees with the official sample") {
  const support::Vectors sample("exchange_sample.txt");
  const AuthKey key(sample.array<256>("auth_key"));
  const auto new_nonce = sample.array<32>("new_nonce");
  CHECK(key.id().value() == 0x1f9b9a9671a2e78a);  // wire 8ae7a271969a9b1f
  CHECK(hex(key.aux_hash()) == sample.text("auth_key_aux_hash"));
  CHECK(hex(key.new_nonce_hash(new_nonce, 1)) == sample.text("new_nonce_hash1"));
  CHECK(hex(key.new_nonce_hash(new_nonce, 2)) == sample.text("new_nonce_hash2"));
  CHECK(hex(key.new_nonce_hash(new_nonce, 3)) == sample.text("new_nonce_hash3"));
}
