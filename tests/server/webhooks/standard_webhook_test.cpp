#include "server/webhooks/standard_webhook.hpp"

#include <catch2/catch.hpp>

#include "tests/support/scripted_random.hpp"

using namespace server::webhooks;

namespace {

std::string text_of(const mtproto::SecretBytes& secret) {
  return std::string(tl::as_text(webhook_secret_text(secret).bytes()));
}

}  // namespace

// The vector that the libraries of Standard Webhooks are tested with.
TEST_CASE("a call is signed as Standard Webhooks has it") {
  const auto secret = read_webhook_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  REQUIRE(secret.has_value());
  CHECK(webhook_signature(*secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                          R"({"test": 2432232314})") ==
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("a signature is another one for each id, time, body and secret") {
  const mtproto::SecretBytes secret(tl::as_bytes(std::string(24, 'a')));
  const mtproto::SecretBytes other(tl::as_bytes(std::string(24, 'b')));
  const auto signature = webhook_signature(secret, "msg_1", 1, "{}");
  CHECK(signature == webhook_signature(secret, "msg_1", 1, "{}"));
  CHECK(signature != webhook_signature(secret, "msg_2", 1, "{}"));
  CHECK(signature != webhook_signature(secret, "msg_1", 2, "{}"));
  CHECK(signature != webhook_signature(secret, "msg_1", 1, "{ }"));
  CHECK(signature != webhook_signature(other, "msg_1", 1, "{}"));
}

TEST_CASE("a secret is written as it is read") {
  const std::string text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  CHECK(text_of(*read_webhook_secret(text)) == text);
  support::ScriptedRandom random;
  const auto made = make_webhook_secret(random);
  CHECK(made.size() == 32);
  CHECK(text_of(made).starts_with("whsec_"));
  CHECK(text_of(*read_webhook_secret(text_of(made))) == text_of(made));
}

TEST_CASE("a secret of another shape or length is refused, and nothing of it repeated") {
  const auto secret_of = [](std::size_t size) {
    return text_of(mtproto::SecretBytes(tl::as_bytes(std::string(size, 'Q'))));
  };
  CHECK(read_webhook_secret(secret_of(24)).has_value());
  CHECK(read_webhook_secret(secret_of(64)).has_value());
  for (const auto& wrong : {secret_of(23), secret_of(65), secret_of(10'000), std::string(),
                            std::string("whsec_"), secret_of(32).substr(6),
                            "whsec_!" + std::string(40, 'Q'), "WHSEC_" + secret_of(32).substr(6)}) {
    const auto read = read_webhook_secret(wrong);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error() == "whsec_ and 24 to 64 bytes in base64 are due");
  }
}
