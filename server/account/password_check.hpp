// The two-step password against what account.getPassword says. core.telegram.org/api/srp
// 100,000 rounds of PBKDF2 and powers of 2048 bits: a Work, done elsewhere.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "mtproto/crypto/srp.hpp"
#include "mtproto/work.hpp"
#include "tl/random.hpp"
#include "tl/value.hpp"

namespace server::account {

class PasswordCheck final : public mtproto::Work {
 public:
  // None where the account has no password, or one by an algorithm that we don't know.
  static std::unique_ptr<PasswordCheck> make(const tl::Value& account_password,
                                             tl::ByteView password, tl::Random&);

  void run() override;

  // After run(): auth.checkPassword, or none where what Telegram sent does not pass the checks.
  std::optional<tl::Value> question(tl::Arena& arena) const;

 private:
  PasswordCheck(tl::ByteView password, tl::Random&);

  mtproto::SrpAlgorithm algorithm_;
  mtproto::Bytes srp_B_;
  std::int64_t srp_id_ = 0;
  mtproto::SecretBytes password_;
  mtproto::Secret<32> seed_;
  std::optional<mtproto::SrpAnswer> answer_;
};

}  // namespace server::account
