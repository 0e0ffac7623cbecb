#include "server/connection/retry_policy.hpp"

#include <catch2/catch.hpp>
#include <string_view>

using namespace std::chrono_literals;
using server::Attempts;
using server::RefusedCall;
using server::Retry;
using Kind = server::Retry::Kind;
using server::upstream::Telegram;

namespace {

server::account::RpcError error(std::int32_t code, std::string_view message) {
  return {code, message, server::account::name_error(message)};
}

Telegram telegram(Telegram::Kind kind = Telegram::Kind::production) {
  Telegram out;
  out.kind = kind;
  out.data_centres = {{2, {{"192.0.2.2"}}}, {4, {{"192.0.2.4"}}}};
  return out;
}

// A client's own request, asked at home in data centre 2, that was refused for the first time.
RefusedCall request() {
  RefusedCall call;
  call.dc = 2;
  call.moves_home = true;
  return call;
}

Retry decide(const RefusedCall& call, const server::account::RpcError& why,
             std::chrono::seconds flood_wait = 0s, const Telegram& at = telegram()) {
  return server::RetryPolicy(at, flood_wait).decide(call, why);
}

const auto not_inited = error(400, "CONNECTION_NOT_INITED");
const auto unauthorized = error(401, "AUTH_KEY_UNREGISTERED");
const auto flood_3 = error(420, "FLOOD_WAIT_3");
const auto file_4 = error(303, "FILE_MIGRATE_4");
const auto user_4 = error(303, "USER_MIGRATE_4");

}  // namespace

TEST_CASE("An error that no rule knows is the answer", "[retry]") {
  const auto retry = decide(request(), error(400, "PEER_ID_INVALID"));
  CHECK(retry.kind == Kind::fail);
  CHECK_FALSE(retry.flood_wait);
}

TEST_CASE("What was not kept, or is no API call, is not sent once more", "[retry]") {
  auto call = request();
  call.kept = false;
  CHECK(decide(call, not_inited).kind == Kind::fail);
  call.kept = true;
  call.api = false;
  CHECK(decide(call, not_inited).kind == Kind::fail);
}

TEST_CASE("A session that Telegram does not know yet is initialised once a request", "[retry]") {
  auto call = request();
  CHECK(decide(call, error(400, "CONNECTION_LAYER_INVALID")).kind == Kind::initialise);
  const auto retry = decide(call, not_inited);
  CHECK(retry.kind == Kind::initialise);
  call.attempts.count(retry);
  CHECK(decide(call, not_inited).kind == Kind::fail);
}

TEST_CASE("What its client wrapped itself is not initialised", "[retry]") {
  auto call = request();
  call.bare = true;
  CHECK(decide(call, not_inited).kind == Kind::fail);
}

TEST_CASE("A question that a request led to is initialised, and nothing else", "[retry]") {
  auto call = request();
  call.message = false;
  call.follows = true;
  CHECK(decide(call, not_inited).kind == Kind::initialise);
  for (const auto& why : {unauthorized, flood_3, file_4, user_4, error(500, "MSG_WAIT_TIMEOUT")}) {
    CHECK(decide(call, why, 60s).kind == Kind::fail);
  }
}

TEST_CASE("A 401 of another data centre is answered with the authorization, once", "[retry]") {
  auto call = request();
  CHECK(decide(call, unauthorized).kind == Kind::fail);
  call.elsewhere = true;
  const auto retry = decide(call, unauthorized);
  CHECK(retry.kind == Kind::authorise);
  CHECK(decide(call, error(401, "SESSION_PASSWORD_NEEDED")).kind == Kind::fail);
  call.attempts.count(retry);
  CHECK(decide(call, unauthorized).kind == Kind::fail);
}

TEST_CASE("A file's request goes to the data centre that has it", "[retry]") {
  const auto retry = decide(request(), file_4);
  CHECK(retry.kind == Kind::migrate);
  CHECK(retry.dc == mtproto::DcId(4));
}

TEST_CASE("A user of another data centre takes the session along", "[retry]") {
  const auto retry = decide(request(), user_4);
  CHECK(retry.kind == Kind::move_home);
  CHECK(retry.dc == mtproto::DcId(4));
}

TEST_CASE("A session does not move for a request elsewhere, nor while it may not", "[retry]") {
  auto call = request();
  call.moves_home = false;
  CHECK(decide(call, user_4).kind == Kind::fail);
  CHECK(decide(call, file_4).kind == Kind::migrate);
  call.moves_home = true;
  call.elsewhere = true;
  CHECK(decide(call, user_4).kind == Kind::fail);
}

TEST_CASE("Nothing migrates to where it is, to where nobody is, nor at a custom Telegram",
          "[retry]") {
  CHECK(decide(request(), error(303, "FILE_MIGRATE_2")).kind == Kind::fail);
  CHECK(decide(request(), error(303, "FILE_MIGRATE_5")).kind == Kind::fail);
  const auto custom = telegram(Telegram::Kind::custom);
  CHECK(decide(request(), file_4, 0s, custom).kind == Kind::fail);
}

TEST_CASE("A request migrates three times at most", "[retry]") {
  auto call = request();
  for (unsigned i = 0; i < server::RetryPolicy::most_migrations; ++i) {
    const auto retry = decide(call, file_4);
    REQUIRE(retry.kind == Kind::migrate);
    call.attempts.count(retry);
  }
  CHECK(decide(call, file_4).kind == Kind::fail);
}

TEST_CASE("A request that waited for others in vain is sent again after a pause", "[retry]") {
  auto call = request();
  const auto why = error(500, "MSG_WAIT_TIMEOUT");
  CHECK(decide(call, why).kind == Kind::fail);
  call.follows = true;
  const auto retry = decide(call, why);
  CHECK(retry.kind == Kind::sleep);
  CHECK(retry.pause == 500ms);
  call.attempts.count(retry);
  CHECK(call.attempts.flood_waited == 0s);
}

TEST_CASE("A FLOOD_WAIT is waited out as long as the client allows in all", "[retry]") {
  auto call = request();
  for (int i = 0; i < 2; ++i) {
    const auto retry = decide(call, flood_3, 8s);
    REQUIRE(retry.kind == Kind::sleep);
    CHECK(retry.pause == 3s);
    CHECK(retry.flood_wait);
    call.attempts.count(retry);
  }
  CHECK(decide(call, flood_3, 8s).kind == Kind::fail);
  CHECK(decide(call, error(420, "FLOOD_WAIT_2"), 8s).kind == Kind::sleep);
}

TEST_CASE("A FLOOD_WAIT that nobody waits out is told of", "[retry]") {
  const auto retry = decide(request(), flood_3);
  CHECK(retry.kind == Kind::fail);
  CHECK(retry.flood_wait);
}

TEST_CASE("A FLOOD_WAIT of no second is one of a second", "[retry]") {
  CHECK(decide(request(), error(420, "FLOOD_WAIT_0"), 1s).pause == 1s);
  CHECK(decide(request(), error(420, "FLOOD_WAIT_0"), 0s).kind == Kind::fail);
}
