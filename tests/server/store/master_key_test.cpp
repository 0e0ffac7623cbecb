#include "server/store/master_key.hpp"

#include <algorithm>

#include "tests/server/store/store_fixture.hpp"

using namespace server::store;

namespace {

constexpr std::string_view secret = "a secret of some length";

bool opens_to_secret(const MasterKey& key, tl::ByteView sealed, std::string_view place) {
  const auto opened = key.unseal(sealed, place);
  return opened && std::ranges::equal(opened->bytes(), tl::as_bytes(secret));
}

}  // namespace

TEST_CASE("what is sealed opens with the same key at the same place") {
  const auto key = MasterKey::random();
  const auto sealed = key.seal(tl::as_bytes(secret), "here");
  CHECK(sealed.size() == secret.size() + 29);
  CHECK(opens_to_secret(key, sealed, "here"));
  CHECK(key.unseal(key.seal({}, "here"), "here")->size() == 0);
}

TEST_CASE("what is sealed opens with no other key and at no other place") {
  const auto key = MasterKey::random();
  const auto sealed = key.seal(tl::as_bytes(secret), "here");
  CHECK(key.unseal(sealed, "there").error().code == StoreErrc::wrong_key);
  CHECK(MasterKey::random().unseal(sealed, "here").error().code == StoreErrc::wrong_key);
}

TEST_CASE("what is sealed does not open with any bit changed or any byte missing") {
  const auto key = MasterKey::random();
  const auto sealed = key.seal(tl::as_bytes(secret), "here");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto changed = sealed;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    CHECK_FALSE(key.unseal(changed, "here"));
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    CHECK_FALSE(key.unseal(tl::ByteView(sealed).first(size), "here"));
  }
}

TEST_CASE("the same secret is sealed differently each time") {
  const auto key = MasterKey::random();
  CHECK(key.seal(tl::as_bytes(secret), "here") != key.seal(tl::as_bytes(secret), "here"));
}

// Test case 16 of the GCM specification's appendix B has additional data and 60 bytes; its tag and
// ciphertext hold what we call sealing to AES-256-GCM as others do it.
TEST_CASE("sealing is AES-256-GCM as its specification has it") {
  const auto bytes = [](std::string_view hex) {
    tl::Bytes out;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
      out.push_back(
          static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    }
    return out;
  };
  const auto key_bytes = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const MasterKey key{tl::ByteView(key_bytes).first<32>()};
  const auto place = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const auto sealed = bytes(
      "01cafebabefacedbaddecaf888"
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
  const auto opened = key.unseal(sealed, tl::as_text(place));
  REQUIRE(opened);
  CHECK(std::ranges::equal(opened->bytes(),
                           bytes("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                                 "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")));
}
