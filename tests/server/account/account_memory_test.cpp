// What an account holds that has nothing to do, as gateways have thousands of.
#include <catch2/catch.hpp>

#include "tests/server/account/account_fixture.hpp"
#include "tests/server/counted_new.hpp"

using namespace support;

namespace {

constexpr int channels = 50;

std::string where_updates_stopped() {
  std::string out = R"({"pts":5,"qts":0,"date":1,"seq":1,"update_seq":9,"channels":[)";
  for (int i = 0; i < channels; ++i) {
    out += std::string(i == 0 ? "" : ",") + "[\"" + std::to_string(1'000'000'001 + i) + "\"," +
           std::to_string(70 + i) + ",\"-77770000\"]";
  }
  return out + "]}";
}

constexpr auto nothing_new = R"({"_cons":"updates.differenceEmpty","date":1,"seq":1})";
constexpr std::uint32_t get_difference = 0x19c2f763;

// Signed in; what may have been missed was asked for.
struct Idle {
  Idle(AccountWorld& world, std::uint8_t n) : account(make_account(world, session_of(n, n))) {
    account->join(listener, where_updates_stopped());
    account->signed_in(777'000 + n, at(0));
    account->recover_updates(listener, true, at(0));
    account->open();
    auto& home = *world.upstreams.back();
    home.come_up();
    home.end_turn();
    REQUIRE(home.method(0) == get_difference);
    home.answer(0, encoded(*account_schema(), nothing_new));
    home.end_turn();
    REQUIRE(home.sent.size() == 1);
    home.sent = {};
    home.prefixes = {};
    listener.heard = {};
  }
  Listener listener;
  std::shared_ptr<server::account::Account> account;
};

}  // namespace

TEST_CASE("An account of 50 channels that has nothing to do holds no more than it did") {
  constexpr double most = 8900;  // 8713
  constexpr std::uint8_t more = 16;
  AccountWorld world;
  std::vector<std::unique_ptr<Idle>> all;
  all.reserve(more + 1);
  all.push_back(std::make_unique<Idle>(world, 1));
  const auto before = support::bytes_held();
  for (std::uint8_t n = 0; n < more; ++n) all.push_back(std::make_unique<Idle>(world, n + 2));
  const auto each = static_cast<double>(support::bytes_held() - before) / more;
  INFO(each << " bytes an account");
  CHECK(each < most);
  CHECK(each > 0);
  const auto known = server::account::read_update_state(all[1]->account->updates(all[1]->listener));
  REQUIRE(known.has_value());
  CHECK(known->channels.size() == channels);
}
