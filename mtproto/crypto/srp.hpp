// Two-step verification: both halves of Telegram's SRP. core.telegram.org/api/srp
// 100,000 rounds of PBKDF2 (52 ms) and powers of 2048 bits: a Work.
#pragma once

#include <array>

#include "mtproto/crypto/dh.hpp"
#include "mtproto/crypto/secret.hpp"
#include "tl/random.hpp"
#include "tl/result.hpp"

namespace mtproto {

// passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow
struct SrpAlgorithm {
  Bytes salt1;
  Bytes salt2;
  std::int32_t g = 0;
  Bytes p;  // 256 bytes
};

struct SrpAnswer {
  DhNumber A{};
  std::array<std::uint8_t, 32> M1{};
};

// PH2(password)
Secret<32> srp_password_hash(const SrpAlgorithm&, ByteView password);
// The client's answer to srp_B. errc::bad_srp, bad_prime, bad_generator where what the server sent
// does not check.
tl::Result<SrpAnswer> srp_answer(const SrpAlgorithm&, ByteView srp_B, ByteView password,
                                 tl::Random&);

// The same with a given exponent and without any check: for recorded values.
SrpAnswer srp_answer_with(const SrpAlgorithm&, const DhNumber& B, ByteView password, ByteView a);

// v = g^x mod p: what a server keeps.
DhNumber srp_verifier(const SrpAlgorithm&, ByteView password);

// The server's half of one attempt: good for one srp_id.
struct SrpChallenge {
  Secret<256> b;
  DhNumber B{};
};
SrpChallenge srp_challenge(const SrpAlgorithm&, const DhNumber& verifier, tl::Random&);
bool srp_check(const SrpAlgorithm&, const DhNumber& verifier, const SrpChallenge&, ByteView A,
               ByteView M1);

}  // namespace mtproto
