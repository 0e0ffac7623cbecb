#include "mtproto/crypto/hmac.hpp"

#include <catch2/catch.hpp>

#include "mtproto/crypto/x25519.hpp"
#include "tests/support/hex.hpp"

using support::hex;

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

// RFC 7748, 5.2: the base point's nine as the scalar, once.
TEST_CASE("A public key of X25519 agrees with RFC 7748") {
  const mtproto::X25519Key nine{9};
  CHECK(hex(mtproto::x25519_public(nine)) ==
        "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
}
