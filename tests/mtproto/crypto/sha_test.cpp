#include "mtproto/crypto/sha.hpp"

#include <catch2/catch.hpp>
#include <thread>

#include "mtproto/crypto/sha_ways.hpp"
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

TEST_CASE("SHA-256 of what comes over time is that of the whole") {
  RunningSha256 running;
  CHECK(hex(RunningSha256().end()) == hex(sha256({})));
  const tl::Bytes text(300, 7);
  for (std::size_t at = 0; at < text.size(); at += 60) {
    running.add(tl::ByteView(text).subspan(at, 60));
  }
  CHECK(running.end() == sha256({text}));
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

TEST_CASE("SHA-256 by instructions is SHA-256 by OpenSSL at every length and split") {
  if (!sha::has_instructions()) return;
  tl::Bytes text(300);
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<std::uint8_t>(i * 167 + 13);
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const auto whole = tl::ByteView(text).first(size);
    Sha256 expected;
    Sha256 got;
    sha::by_openssl({whole}, expected);
    sha::by_instructions({whole}, got);
    REQUIRE(got == expected);
    for (const std::size_t cut : {size / 3, size / 2, size * 4 / 5}) {
      sha::by_instructions({whole.first(cut), {}, whole.subspan(cut)}, got);
      REQUIRE(got == expected);
    }
    sha::by_instructions({whole.first(size / 3), whole.subspan(size / 3, size / 2 - size / 3),
                          whole.subspan(size / 2)},
                         got);
    REQUIRE(got == expected);
  }
}

TEST_CASE("Two short messages hash side by side as they do alone") {
  Sha256Pair messages;
  for (std::size_t i = 0; i < messages[0].size(); ++i) {
    messages[0][i] = static_cast<std::uint8_t>(i * 31);
    messages[1][i] = static_cast<std::uint8_t>(255 - i);
  }
  Sha256 first;
  Sha256 second;
  sha256(messages, first, second);
  Sha256 alone;
  sha::by_openssl({messages[0]}, alone);
  CHECK(first == alone);
  sha::by_openssl({messages[1]}, alone);
  CHECK(second == alone);
}
