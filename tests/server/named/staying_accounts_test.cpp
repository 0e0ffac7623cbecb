// Accounts that are to be connected though nobody asks for them.
#include <catch2/catch.hpp>

#include "tests/server/named/kept.hpp"

using named_test::Kept;
using server::named::NamedAccounts;
namespace store = server::store;

namespace {

std::string name_of(std::size_t number) { return "account" + std::to_string(number); }

// Each has a key of its own.
store::StoredAccount account(std::size_t number, store::Keep keep) {
  auto out = named_test::stored(name_of(number), static_cast<std::uint8_t>(number));
  out.auth_key.bytes()[0] = static_cast<std::uint8_t>(number >> 8);
  out.auth_key.bytes()[1] = static_cast<std::uint8_t>(number);
  out.keep = keep;
  return out;
}

}  // namespace

TEST_CASE(
    "accounts with webhooks stay, however many are loaded before it is known that they have") {
  Kept kept;
  constexpr std::size_t count = NamedAccounts::most_idle + 10;
  for (std::size_t i = 0; i < count; ++i) {
    kept.put(account(i, store::Keep::attached));
    kept.put_webhook(name_of(i));
  }
  kept.bench.hold();
  for (std::size_t i = 0; i < count; ++i) kept.all.open_unasked(name_of(i));
  kept.bench.let_go();
  kept.bench.settle();
  CHECK(kept.all.size() == count);
}

TEST_CASE("of accounts without webhooks that nobody uses only the newest are kept") {
  Kept kept;
  constexpr std::size_t count = NamedAccounts::most_idle + 10;
  for (std::size_t i = 0; i < count; ++i) kept.put(account(i, store::Keep::attached));
  for (std::size_t i = 0; i < count; ++i) kept.all.open_unasked(name_of(i));
  kept.bench.settle();
  CHECK(kept.all.size() == NamedAccounts::most_idle);
}

TEST_CASE("an account whose webhooks the store did not list stays, and they run once it does") {
  Kept kept;
  kept.put(account(0, store::Keep::attached));
  kept.put_webhook(name_of(0));
  REQUIRE(kept.bench.in_store([](store::AccountStore& to) {
    return to.log().append(name_of(0), 1, {webhook_test::message("a")}, "", 1);
  }));
  kept.all.open_unasked(name_of(0));
  kept.bench.fill();
  kept.turn();  // it is here, and can't ask for its webhooks
  CHECK(kept.all.open(name_of(0))->stays());
  kept.bench.let_go();
  kept.bench.settle();
  CHECK(kept.calls.empty());
  kept.until([&] { return kept.calls.size() == 1; });
}

TEST_CASE("accounts that stay connected are opened a few at a time, as the store answers") {
  Kept kept;
  for (std::size_t i = 0; i < 250; ++i) kept.put(account(i, store::Keep::always));
  kept.all.start(1);
  kept.bench.hold();
  kept.turn();
  CHECK(kept.all.size() == 100);
  kept.bench.let_go();
  kept.bench.settle();
  CHECK(kept.all.size() == 250);
}

TEST_CASE("accounts that stay connected are opened again where the store could not load them") {
  Kept kept;
  for (std::size_t i = 0; i < 10; ++i) kept.put(account(i, store::Keep::always));
  kept.all.start(1);
  kept.bench.fill();
  kept.turn();
  CHECK(kept.all.size() == 0);
  kept.bench.let_go();
  kept.bench.settle();
  kept.until([&] { return kept.all.size() == 10; });
}
