#include "mtproto/crypto/hmac.hpp"

#include <catch2/catch.hpp>

#include "mtproto/crypto/x25519.hpp"
#include "tests/support/hex.hpp"

using support::hex;
using support::unhex;

namespace {

tl::ByteView text(std::string_view from) { return tl::as_bytes(from); }

}  // namespace

TEST_CASE("HMAC-SHA256 agrees with RFC 4231") {
  CHECK(hex(mtproto::hmac_sha256(tl::Bytes(20, 0x0b), {text("Hi There")})) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hex(mtproto::hmac_sha256(text("Jefe"), {text("what do ya want "), text("for nothing?")})) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(
      hex(mtproto::hmac_sha256(tl::Bytes(131, 0xaa),
                               {text("Test Using Larger Than Block-Size Key - Hash Key First")})) ==
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("A public key of X25519 agrees with RFC 7748") {
  mtproto::X25519Key alice{};
  const auto bytes = unhex("77076d0a7318a57d3c16c17251b26645df4c2f92ebc0992ac177fba51db92c2a");
  std::copy(bytes.begin(), bytes.end(), alice.begin());
  CHECK(hex(mtproto::x25519_public(alice)) ==
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
}
