#include "server/account/password_check.hpp"

#include "mtproto/crypto/sha.hpp"

namespace server::account {

namespace {

constexpr std::string_view known_algorithm =
    "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow";

// SHA256(seed | 0), SHA256(seed | 1), …: the work runs on another thread, where it has no claim to
// its owner's Random.
class Expanded final : public tl::Random {
 public:
  explicit Expanded(tl::ByteView seed) : seed_(seed) {}

  void fill(std::span<std::uint8_t> out) override {
    for (std::size_t at = 0; at < out.size();) {
      auto block = mtproto::sha256({seed_, tl::ByteView(&counter_, 1)});
      ++counter_;
      const auto size = std::min(block.size(), out.size() - at);
      std::copy_n(block.begin(), size, out.begin() + static_cast<std::ptrdiff_t>(at));
      mtproto::wipe(block);
      at += size;
    }
  }

 private:
  tl::ByteView seed_;
  std::uint8_t counter_ = 0;  // 8 attempts of 8 blocks each at most
};

// As the decoder gives it, or as a string.
tl::Bytes bytes_of(const tl::Value& value) {
  const auto view = value.is_string() ? tl::as_bytes(value.text()) : value.as_bytes();
  return {view.begin(), view.end()};
}

}  // namespace

PasswordCheck::PasswordCheck(tl::ByteView password, tl::Random& random) : password_(password) {
  random.fill(seed_.bytes());
}

std::unique_ptr<PasswordCheck> PasswordCheck::make(const tl::Value& account_password,
                                                   tl::ByteView password, tl::Random& random) {
  const auto& algorithm = account_password["current_algo"];
  const auto srp_id = account_password["srp_id"].as_int64();
  if (algorithm.constructor() != known_algorithm || !srp_id) return nullptr;
  std::unique_ptr<PasswordCheck> check(new PasswordCheck(password, random));
  check->algorithm_.salt1 = bytes_of(algorithm["salt1"]);
  check->algorithm_.salt2 = bytes_of(algorithm["salt2"]);
  check->algorithm_.g = static_cast<std::int32_t>(algorithm["g"].as_int64().value_or(0));
  check->algorithm_.p = bytes_of(algorithm["p"]);
  check->srp_B_ = bytes_of(account_password["srp_B"]);
  check->srp_id_ = *srp_id;
  return check;
}

void PasswordCheck::run() {
  Expanded random(seed_.bytes());
  auto answer = mtproto::srp_answer(algorithm_, srp_B_, password_.bytes(), random);
  if (answer) answer_ = *answer;
  password_ = {};
}

std::optional<tl::Value> PasswordCheck::question(tl::Arena& arena) const {
  if (!answer_) return std::nullopt;
  const tl::Builder builder(arena);
  const auto proof =
      builder.object("inputCheckPasswordSRP", {{"srp_id", tl::Value::integer(srp_id_)},
                                               {"A", builder.bytes(answer_->A)},
                                               {"M1", builder.bytes(answer_->M1)}});
  return builder.object("auth.checkPassword", {{"password", proof}});
}

}  // namespace server::account
