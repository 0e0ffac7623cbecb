#include "mtproto/crypto/srp.hpp"

#include <catch2/catch.hpp>

#include "mtproto/crypto/sha.hpp"
#include "mtproto/errc.hpp"
#include "tests/support/print_result.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/vectors.hpp"

using namespace mtproto;
using support::hex;
using support::Vectors;
using tl::as_bytes;

namespace {

SrpAlgorithm algorithm(const Vectors& vectors, const std::string& name) {
  return {vectors.bytes(name + "_salt1"), vectors.bytes(name + "_salt2"), 3,
          Bytes(known_prime().begin(), known_prime().end())};
}

SrpAlgorithm some_algorithm() { return algorithm(Vectors("srp.txt"), "grammers"); }

DhNumber small(std::uint8_t value) {
  DhNumber out{};
  out.back() = value;
  return out;
}

}  // namespace

TEST_CASE("The client's answer agrees with gotd (a = 1)") {
  const Vectors vectors("srp.txt");
  const auto answer = srp_answer_with(algorithm(vectors, "gotd"), vectors.array<256>("gotd_srp_B"),
                                      as_bytes("123123"), small(1));
  CHECK(answer.A == small(3));
  CHECK(hex(answer.M1) == vectors.text("gotd_M1"));
}

TEST_CASE("The client's answer agrees with grammers, a drawn first of all") {
  const Vectors vectors("srp.txt");
  support::ScriptedRandom random(vectors.bytes("grammers_a"));
  const auto answer = srp_answer(algorithm(vectors, "grammers"), vectors.bytes("grammers_srp_B"),
                                 as_bytes(vectors.text("grammers_password")), random);
  REQUIRE(answer);
  CHECK(hex(answer->A) == vectors.text("grammers_A"));
  CHECK(hex(answer->M1) == vectors.text("grammers_M1"));
}

TEST_CASE("The client's answer agrees with grammers in a group of toy size") {
  SrpAlgorithm toy{{1}, {2}, 3, Bytes(256, 0)};
  toy.p.back() = 47;
  const std::uint8_t password[] = {7};
  const auto answer = srp_answer_with(toy, small(5), password, small(6));
  CHECK(answer.A == small(24));
  CHECK(hex(answer.M1) == "9d83c46700b874e807c455e711241ede9eea62583b3847d7b77b7a32132036ce");
}

TEST_CASE("The client's answer, the password's hash and a new verifier agree with mtcute") {
  const Vectors vectors("srp.txt");
  const auto srp_B = vectors.bytes("mtcute_srp_B");
  const auto entropy = Vectors("entropy.txt").bytes("entropy");
  auto with = algorithm(vectors, "mtcute");
  CHECK(hex(srp_password_hash(with, as_bytes("qwe123")).bytes()) == vectors.text("mtcute_x"));
  {
    support::ScriptedRandom random(entropy);
    const auto answer = srp_answer(with, srp_B, as_bytes("qwe123"), random);
    REQUIRE(answer);
    CHECK(hex(answer->A) == vectors.text("mtcute_A"));
    CHECK(hex(answer->M1) == vectors.text("mtcute_own_M1"));
  }
  // mtcute's own test changes the shared algorithm on the way: what it publishes as M1 has the new salt.
  with.salt1 = vectors.bytes("mtcute_new_password_salt1");
  {
    support::ScriptedRandom random(entropy);
    const auto answer = srp_answer(with, srp_B, as_bytes("qwe123"), random);
    REQUIRE(answer);
    CHECK(hex(answer->M1) == vectors.text("mtcute_published_M1"));
  }
  CHECK(hex(srp_verifier(with, as_bytes("123qwe"))) == vectors.text("mtcute_new_password_hash"));
}

TEST_CASE("What the server sends is checked before a password is hashed") {
  const Vectors vectors("srp.txt");
  const auto srp_B = vectors.bytes("grammers_srp_B");
  support::ScriptedRandom random;
  const auto error_of = [&](const SrpAlgorithm& with, ByteView B) {
    return srp_answer(with, B, as_bytes("secret"), random).error();
  };
  const auto good = some_algorithm();
  CHECK(error_of(good, Bytes(256, 0)) == errc::bad_srp);
  CHECK(error_of(good, good.p) == errc::bad_srp);
  CHECK(error_of(good, Bytes(256, 0xff)) == errc::bad_srp);
  CHECK(error_of(good, ByteView(srp_B).first(247)) == errc::bad_srp);
  CHECK(error_of(good, Bytes(257, 1)) == errc::bad_srp);
  CHECK(error_of(good, {}) == errc::bad_srp);
  auto bad = good;
  bad.g = 2;
  CHECK(error_of(bad, srp_B) == errc::bad_generator);
  bad = good;
  bad.p[100] ^= 1;
  CHECK(error_of(bad, srp_B) == errc::bad_prime);
  bad = good;
  bad.p.pop_back();
  CHECK(error_of(bad, srp_B) == errc::bad_prime);
}

TEST_CASE("A short srp_B counts as padded on the left") {
  auto srp_B = Vectors("srp.txt").bytes("grammers_srp_B");
  std::fill_n(srp_B.begin(), 8, std::uint8_t{0});
  const auto script = Vectors("entropy.txt").bytes("entropy");
  support::ScriptedRandom one(script), other(script);
  const auto padded = srp_answer(some_algorithm(), srp_B, as_bytes("secret"), one);
  const auto shortened =
      srp_answer(some_algorithm(), ByteView(srp_B).subspan(8), as_bytes("secret"), other);
  REQUIRE(padded);
  REQUIRE(shortened);
  CHECK(padded->M1 == shortened->M1);
}

TEST_CASE("An exponent whose power is out of range is drawn again") {
  auto script = Bytes(256, 0);  // A = 1
  tl::append(script, Vectors("srp.txt").bytes("grammers_a"));
  support::ScriptedRandom random(script);
  const auto answer = srp_answer(some_algorithm(), Vectors("srp.txt").bytes("grammers_srp_B"),
                                 as_bytes("234567"), random);
  REQUIRE(answer);
  CHECK(hex(answer->A) == Vectors("srp.txt").text("grammers_A"));
}

TEST_CASE("Both halves agree about the right password, and about no other") {
  const auto with = some_algorithm();
  support::ScriptedRandom client(1), server(2);
  const auto verifier = srp_verifier(with, as_bytes("correct horse"));
  const auto challenge = srp_challenge(with, verifier, server);
  const auto right = srp_answer(with, challenge.B, as_bytes("correct horse"), client);
  const auto wrong = srp_answer(with, challenge.B, as_bytes("correct hors"), client);
  REQUIRE(right);
  REQUIRE(wrong);
  CHECK(srp_check(with, verifier, challenge, right->A, right->M1));
  CHECK_FALSE(srp_check(with, verifier, challenge, wrong->A, wrong->M1));
  CHECK_FALSE(
      srp_check(with, verifier, srp_challenge(with, verifier, server), right->A, right->M1));
  auto tampered = right->M1;
  tampered[31] ^= 1;
  CHECK_FALSE(srp_check(with, verifier, challenge, right->A, tampered));
  CHECK_FALSE(srp_check(with, verifier, challenge, right->A, ByteView(right->M1).first(31)));
  CHECK_FALSE(srp_check(with, verifier, challenge, right->A, {}));
}

TEST_CASE("A client can't sign in with an A that makes the result known") {
  const auto with = some_algorithm();
  support::ScriptedRandom random;
  const auto verifier = srp_verifier(with, as_bytes("secret"));
  const auto challenge = srp_challenge(with, verifier, random);
  // A divisible by p makes S zero, whatever the password is.
  const auto forged = [&](const DhNumber& A) {
    auto mixed = sha256({with.p});
    const auto g_hash = sha256({small(3)});
    for (std::size_t i = 0; i < mixed.size(); ++i) mixed[i] ^= g_hash[i];
    return sha256(
        {mixed, sha256({with.salt1}), sha256({with.salt2}), A, challenge.B, sha256({small(0)})});
  };
  auto p_less_one = known_prime();
  p_less_one.back() -= 1;
  for (const auto& A : {small(0), small(1), p_less_one, known_prime()}) {
    CHECK_FALSE(srp_check(with, verifier, challenge, A, forged(A)));
  }
  CHECK_FALSE(srp_check(with, verifier, challenge, {}, forged(small(0))));
  CHECK_FALSE(srp_check(with, verifier, challenge, Bytes(257, 1), Bytes(32, 0)));
}
