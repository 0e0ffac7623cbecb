#include "mtproto/exchange/derived.hpp"

#include "tests/mtproto/exchange/exchange_support.hpp"

using namespace exchange_test;
using support::sequence;

namespace {

Nonce nonce_of(const Bytes& bytes) {
  Nonce out{};
  REQUIRE(bytes.size() == out.size());
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

void check_tmp_aes(const Bytes& new_nonce, const Bytes& server_nonce, const std::string& key,
                   const std::string& iv) {
  const auto tmp = tmp_aes(new_nonce, nonce_of(server_nonce));
  CHECK(hex(tmp.key.bytes()) == key);
  CHECK(hex(tmp.iv.bytes()) == iv);
}

}  // namespace

TEST_CASE("The temporary AES key agrees with grammers, gotd and mtcute, leading zeros and all") {
  check_tmp_aes(sequence(0, 0x1f), sequence(0, 0x0f),
                "0758f1533b615d24f6e8a94a6fcbee0a55eaab2217d7295ca9213d1a2d7d16a6",
                "5a84108e9805656ce864070e166e6218f6783e8511471a5ab7802cf200010203");
  check_tmp_aes(sequence(0, 0x1f), Bytes{0} + sequence(0x21, 0x2f),
                "0a2d0f607499a866848e41798a34315e4922c39fe55c6caf5bc322c4b8c08c6a",
                "9cb702d4fd6e5d25e864070e166e6218f6783e8511471a5ab7802cf200010203");
  check_tmp_aes(unhex("3bf48b2d3152f383d82d1f2b32ac7fb5"),
                unhex("8af24c551836e5ed7002f5857e6e71b2"),
                "b0b5ffeadff0249fa6292f5ae0351556fd6619ba5dd4809601669292456d3e5a",
                "13fef5bfd8c46b12dfd1753013b86cc012e1ce8ed6f8ecdd7bf36f3a3bf48b2d");
}

TEST_CASE("The official samples' answers are unsealed") {
  for (const char* file : {"exchange_sample.txt", "exchange_sample_old.txt"}) {
    const support::Vectors sample(file);
    const auto new_nonce = sample.bytes("new_nonce");
    check_tmp_aes(new_nonce, sample.bytes("server_nonce"), sample.text("tmp_aes_key"),
                  sample.text("tmp_aes_iv"));
    const auto plain = unseal(sample.bytes("encrypted_answer"),
                              tmp_aes(new_nonce, sample.array<16>("server_nonce")));
    REQUIRE(plain);
    const auto answer = read_unsealed<ServerDhInnerData>(plain->bytes());
    REQUIRE(answer);
    CHECK(hex(serialise(*answer)) == sample.text("answer_object"));
    CHECK(hex(answer->dh_prime) == hex(known_prime()));
  }
}

TEST_CASE("The client's inner data is sealed as in the official sample") {
  const support::Vectors sample("exchange_sample.txt");
  support::ScriptedRandom random(sample.bytes("client_padding"));
  const auto sealed =
      seal(sample.bytes("client_DH_inner_data"),
           tmp_aes(sample.bytes("new_nonce"), sample.array<16>("server_nonce")), random);
  CHECK(hex(sealed) == sample.text("client_encrypted_data"));
}

TEST_CASE("Salt and refusal hash agree with the official sample") {
  const support::Vectors sample("exchange_sample.txt");
  const NewNonce new_nonce(sample.array<32>("new_nonce"));
  CHECK(first_salt(new_nonce, sample.array<16>("server_nonce")) == 0xfea726f0ffb22f52);
  CHECK(hex(params_fail_hash(new_nonce)) == sample.text("params_fail_hash"));
}

TEST_CASE("What has no length of a sealed object is not decrypted") {
  for (std::size_t size : {0, 15, 16, 31, 33, 47, 2064}) {
    CHECK(unseal(Bytes(size, 1), TmpAes{}).error() == errc::exchange_malformed);
  }
  CHECK(unseal(Bytes(32, 1), TmpAes{}));
}

TEST_CASE("A number goes over the wire without leading zeros") {
  CHECK(minimal(0).empty());
  CHECK(hex(minimal(15)) == "0f");
  CHECK(hex(minimal(0x1122334455667788)) == "1122334455667788");
  CHECK(from_big_endian(unhex("00000f")) == 15u);
  CHECK(from_big_endian(unhex("ffffffffffffffff")) == 0xffffffffffffffff);
  CHECK_FALSE(from_big_endian(Bytes(9, 0)));
}
