#include "mtproto/crypto/rsa.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "mtproto/crypto/sha.hpp"
#include "mtproto/errc.hpp"
#include "tests/support/print_result.hpp"
#include "tests/support/rsa_keys.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/vectors.hpp"

using namespace mtproto;
using support::hex;
using support::sequence;
using support::telegram_key;
using support::test_key;

namespace {

// A short key, from the tests of gotd/td.
const char* const key_of_1024_bits = R"(-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCJhOrkbrOi7/fFQRN2+8W5+Inx
bdxo7XH5DDKgFvXPDDe8cQINO3/kFat7KlpC2n2sS8ApZQkmREANg0XpImL9lCHB
v1FgQmL0xtnaURKo7FzaoaL4jCf5556NQr1th9F3oeN67mR4+BF0vPP9Gu6GY5Z1
BSqi+FEREW/2aWSgSwIDAQAB
-----END PUBLIC KEY-----
)";

// SHA1(data) | data | padding to 255, the scheme before RSA_PAD
std::array<std::uint8_t, 256> old_block(const Bytes& data) {
  std::array<std::uint8_t, 256> block{};
  const auto hash = sha1({data});
  std::copy(hash.begin(), hash.end(), block.begin() + 1);
  std::copy(data.begin(), data.end(), block.begin() + 21);
  std::fill(block.begin() + 21 + static_cast<long>(data.size()), block.end(), 0x5a);
  return block;
}

bool begins_with(const Bytes& bytes, const Bytes& start) {
  return bytes.size() >= start.size() && std::equal(start.begin(), start.end(), bytes.begin());
}

}  // namespace

TEST_CASE("Telegram's keys are read from both PEM forms, and their fingerprints computed") {
  CHECK(telegram_key("test").fingerprint() == 0xb25898df208d2603);
  CHECK(telegram_key("production").fingerprint() == 0xd09d1d85de64fd85);
}

TEST_CASE("A public key survives its own PEM") {
  for (const auto& key : {telegram_key("production"), test_key().public_key()}) {
    const auto pem = key.to_pem();
    CHECK(pem.starts_with("-----BEGIN RSA PUBLIC KEY-----"));
    const auto again = RsaPublicKey::from_pem(pem);
    REQUIRE(again);
    CHECK(again->fingerprint() == key.fingerprint());
  }
}

TEST_CASE("What is no RSA key of 2048 bits is refused") {
  auto cut = telegram_key("test").to_pem();
  cut.resize(cut.size() / 2);
  for (const auto& pem :
       {std::string(), std::string("no key"), std::string(key_of_1024_bits), cut}) {
    const auto key = RsaPublicKey::from_pem(pem);
    REQUIRE_FALSE(key);
    CHECK(key.error() == errc::bad_key);
    const auto private_key = RsaPrivateKey::from_pem(pem);
    REQUIRE_FALSE(private_key);
    CHECK(private_key.error() == errc::bad_key);
  }
}

TEST_CASE("RSA_PAD agrees with gotd where all randomness is zero") {
  support::ScriptedRandom random(Bytes(48 + 32, 0));
  const auto encrypted = telegram_key("production").encrypt_padded(Bytes(144, 'a'), random);
  CHECK(hex(encrypted) == support::Vectors("rsa.txt").text("zero_encrypted"));
}

TEST_CASE("RSA_PAD takes another temp_key where the block is not below the modulus") {
  const support::Vectors vectors("rsa.txt");
  const auto data = vectors.bytes("retry_data");
  const auto rand = vectors.bytes("retry_rand224");
  // grammers counts temp_key up from its last byte; its first one does not fit here.
  auto script = Bytes(rand.begin(), rand.begin() + static_cast<long>(192 - data.size()));
  auto temp_key = Bytes(rand.begin() + 192, rand.end());
  tl::append(script, temp_key);
  ++temp_key.back();
  tl::append(script, temp_key);
  support::ScriptedRandom random(script);
  CHECK(hex(telegram_key("test").encrypt_padded(data, random)) == vectors.text("retry_encrypted"));
}

TEST_CASE("RSA_PAD comes back whole, with its random tail, for any length of data") {
  support::ScriptedRandom random;
  for (std::size_t size : {0, 1, 96, 104, 143, 144}) {
    Bytes plain(size);
    random.fill(plain);
    const auto back = test_key().decrypt(test_key().public_key().encrypt_padded(plain, random));
    REQUIRE(back);
    CHECK(back->size() == 192);
    CHECK(begins_with(*back, plain));
  }
}

TEST_CASE("The older padding is read too") {
  for (std::size_t size : {4, 96, 104, 232}) {
    const auto data = Bytes(size, 0x33);
    const auto encrypted = test_key().public_key().raw(old_block(data));
    REQUIRE(encrypted);
    const auto back = test_key().decrypt(*encrypted);
    REQUIRE(back);
    CHECK(begins_with(*back, data));
  }
}

TEST_CASE("Whatever is wrong with a ciphertext, the error is the same") {
  support::ScriptedRandom random;
  const auto& key = test_key();
  const auto refused = [&](ByteView encrypted) {
    const auto back = key.decrypt(encrypted);
    return !back && back.error() == errc::bad_rsa_pad;
  };
  const auto good = key.public_key().encrypt_padded(Bytes(100, 1), random);
  for (std::size_t i = 0; i < good.size(); i += 17) {
    auto bad = good;
    bad[i] ^= 0x10;
    CHECK(refused(bad));
  }
  CHECK(refused({}));
  CHECK(refused(ByteView(good).first(255)));
  CHECK(refused(Bytes(256, 0xff)));  // not below n
  CHECK(refused(Bytes(256, 0)));
  CHECK(refused(Bytes(300, 0)));
  CHECK(refused(*test_key().public_key().raw(std::array<std::uint8_t, 256>{})));
  auto old = old_block(Bytes(96, 0x33));
  old[1] ^= 1;  // the hash
  CHECK(refused(*key.public_key().raw(old)));
  old = old_block(Bytes(96, 0x33));
  old[50] ^= 1;  // the data
  CHECK(refused(*key.public_key().raw(old)));
  old = old_block(Bytes(96, 0x33));
  old[0] = 1;
  CHECK(refused(*key.public_key().raw(old)));
  const auto foreign = RsaPrivateKey::generate().public_key().encrypt_padded(Bytes(100, 1), random);
  CHECK(refused(foreign));
}

TEST_CASE("A number that is not below the modulus is no operand") {
  std::array<std::uint8_t, 256> large;
  large.fill(0xff);
  const auto raw = telegram_key("test").raw(large);
  REQUIRE_FALSE(raw);
  CHECK(raw.error() == errc::bad_key);
}

TEST_CASE("A private key survives its own PEM") {
  support::ScriptedRandom random;
  const auto again = RsaPrivateKey::from_pem(test_key().to_pem());
  REQUIRE(again);
  CHECK(again->public_key().fingerprint() == test_key().public_key().fingerprint());
  const auto back = again->decrypt(test_key().public_key().encrypt_padded(Bytes(50, 9), random));
  REQUIRE(back);
  CHECK(begins_with(*back, Bytes(50, 9)));
}
