#include "mtproto/crypto/sha.hpp"

#include <catch2/catch.hpp>
#include <thread>

#include "tests/support/hex.hpp"

using namespace mtproto;
using support::hex;
using tl::as_bytes;

TEST_CASE("Digests of known texts") {
  CHECK(hex(sha1({as_bytes("abc")})) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(hex(sha256({as_bytes("abc")})) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(md5({as_bytes("abc")})) == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(hex(sha1({})) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST_CASE("Pieces hash like their concatenation, and one hash leaves nothing for the next") {
  CHECK(sha256({as_bytes("a"), {}, as_bytes("bc")}) == sha256({as_bytes("abc")}));
  CHECK(sha1({as_bytes("ab"), as_bytes("c")}) == sha1({as_bytes("abc")}));
  CHECK(sha256({as_bytes("abc")}) == sha256({as_bytes("abc")}));
}

TEST_CASE("Every thread has its own hashing context") {
  const auto expected = sha256({as_bytes("abc")});
  bool same = true;
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) same = same && sha256({as_bytes("abc")}) == expected;
  });
  for (int i = 0; i < 1000; ++i) CHECK(sha256({as_bytes("abd")}) != expected);
  other.join();
  CHECK(same);
}
