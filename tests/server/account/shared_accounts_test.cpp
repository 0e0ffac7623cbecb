// Who shares an account with whom, and for how long it is kept. Over sockets: accounts_test.cpp.
#include <catch2/catch.hpp>

#include "server/account/accounts.hpp"
#include "tests/server/account/account_fixture.hpp"

using namespace server::account;
using namespace support;

namespace {

using Handle = std::unique_ptr<AccountHandle>;

struct House {
  AccountWorld world;
  std::unique_ptr<Accounts> accounts = std::make_unique<Accounts>(world.services);
  Listener one, other;

  Handle join(std::uint8_t key, Listener& user, DcSettings how) {
    return accounts->join(support::shared(std::move(how)), {session_of(key, 11), {}, {}, {}}, user);
  }
  Handle join(std::uint8_t key, Listener& user) { return join(key, user, world.settings()); }
  bool shares(const DcSettings& how) {
    const auto a = join(1, one), b = join(1, other, how);
    return &a->account() == &b->account();
  }
};

}  // namespace

TEST_CASE("Those who name one key in one way share an account", "[shared_accounts]") {
  House house;
  const auto a = house.join(1, house.one), b = house.join(1, house.other);
  CHECK(&a->account() == &b->account());
  CHECK(house.accounts->size() == 1);
  house.world.upstream(0).user.on_pushed(word(5));
  house.world.upstream(0).end_turn();
  CHECK(house.one.heard == Lines{"pushed 5"});
  CHECK(house.other.heard == Lines{"pushed 5"});
}

TEST_CASE("Another key is another account", "[shared_accounts]") {
  House house;
  const auto a = house.join(1, house.one), b = house.join(2, house.other);
  CHECK(&a->account() != &b->account());
  CHECK(house.accounts->size() == 2);
}

TEST_CASE("Who speaks with Telegram in another way does not share", "[shared_accounts]") {
  House house;
  const auto same = house.world.settings();
  CHECK(house.shares(same));
  auto how = same;
  how.prefix = word(2);
  CHECK_FALSE(house.shares(how));
  how = same;
  how.pfs = true;
  CHECK_FALSE(house.shares(how));
  how = same;
  how.home = mtproto::DcId(4);
  CHECK_FALSE(house.shares(how));
  how = same;
  how.transport.obfuscated = !same.transport.obfuscated;
  CHECK_FALSE(house.shares(how));
  how = same;
  how.telegram = some_telegram();
  CHECK_FALSE(house.shares(how));
  how = same;
  how.proxy = std::make_shared<server::upstream::Proxy>();
  CHECK_FALSE(house.shares(how));
}

TEST_CASE("Proxies that are alike are one way, other ones are not", "[shared_accounts]") {
  House house;
  const auto by = [&](std::string user) {
    server::upstream::Proxy proxy;
    proxy.user = std::move(user);
    auto how = house.world.settings();
    how.proxy = std::make_shared<server::upstream::Proxy>(proxy);
    return how;
  };
  const auto a = house.join(1, house.one, by("ada")), b = house.join(1, house.other, by("ada"));
  CHECK(&a->account() == &b->account());
  const auto c = house.join(1, house.other, by("eve"));
  CHECK(&a->account() != &c->account());
}

TEST_CASE("A shared account has a session of its own", "[shared_accounts]") {
  House house;
  const auto a = house.join(1, house.one);
  CHECK(a->account().session().session == mtproto::SessionId(0));
  CHECK(a->account().session().last_seqno == 0);
  CHECK(a->account().session().key->id() == key_of(1).id());
}

TEST_CASE("An account is kept when its last client leaves, and the next one finds it",
          "[shared_accounts]") {
  House house;
  auto a = house.join(1, house.one);
  auto* const account = &a->account();
  const auto b = house.join(1, house.other);
  a.reset();
  CHECK(account->in_use());
  house.join(1, house.other).reset();
  a = house.join(1, house.one);
  CHECK(&a->account() == account);
  CHECK(house.world.upstreams.size() == 1);
  CHECK_FALSE(house.world.upstream(0).closed);
}

TEST_CASE("Who has left hears nothing more", "[shared_accounts]") {
  House house;
  const auto a = house.join(1, house.one), b = house.join(1, house.other);
  a->leave();
  house.world.upstream(0).user.on_pushed(word(5));
  house.world.upstream(0).end_turn();
  CHECK(house.one.heard.empty());
  CHECK(house.other.heard == Lines{"pushed 5"});
}

TEST_CASE("Of too many idle accounts the oldest is closed", "[shared_accounts]") {
  House house;
  const auto used = house.join(0, house.other);
  for (std::size_t i = 1; i <= Accounts::most_idle; ++i) {
    mtproto::SessionState session;
    std::array<std::uint8_t, mtproto::AuthKey::size> key{};
    key[0] = static_cast<std::uint8_t>(i & 255);
    key[1] = 1;
    session.key = mtproto::AuthKey(key);
    house.accounts->join(support::shared(house.world.settings()), {session, {}, {}, {}}, house.one);
  }
  CHECK_FALSE(house.world.upstream(1).closed);
  house.join(99, house.one);
  CHECK(house.world.upstream(1).closed);
  CHECK_FALSE(house.world.upstream(0).closed);
  CHECK_FALSE(house.world.upstream(2).closed);
  CHECK(house.accounts->size() == Accounts::most_idle + 1);
}

TEST_CASE("A dead account is not joined, and is gone with the last of its clients",
          "[shared_accounts]") {
  House house;
  const auto a = house.join(1, house.one);
  house.world.upstream(0).go_down("the key is unknown", true);
  CHECK(house.accounts->size() == 0);
  const auto b = house.join(1, house.other);
  CHECK(&a->account() != &b->account());
  CHECK(house.accounts->size() == 1);
  house.one.heard.clear();
  a->leave();
  CHECK(house.accounts->size() == 1);
  const auto c = house.join(1, house.one);
  CHECK(&c->account() == &b->account());
}

TEST_CASE("A sign-out ends what is done elsewhere with that key, whoever does it",
          "[shared_accounts]") {
  House house;
  auto how = house.world.settings();
  how.prefix = word(2);
  const auto a = house.join(1, house.one), b = house.join(1, house.other, how);
  Listener stranger;
  const auto c = house.join(2, stranger);
  call(a->account(), mtproto::DcId(3), house.one, 1);
  call(b->account(), mtproto::DcId(3), house.other, 2);
  call(c->account(), mtproto::DcId(3), stranger, 3);
  house.accounts->signed_out(key_of(1));
  house.world.turn();
  CHECK(house.one.heard == Lines{"1 lost"});
  CHECK(house.other.heard == Lines{"2 lost"});
  CHECK(stranger.heard.empty());
}

TEST_CASE("An account that was opened for one client is not shared and goes with it",
          "[shared_accounts]") {
  House house;
  auto own = house.accounts->open(support::shared(house.world.settings()),
                                  {session_of(1, 11), {}, {}, {}}, house.one);
  own->account().open();
  CHECK(own->account().session().session == mtproto::SessionId(11));
  CHECK(house.accounts->size() == 0);
  const auto shared = house.join(1, house.other);
  CHECK(&shared->account() != &own->account());
  const auto left = own->leave();
  CHECK(left.session.session == mtproto::SessionId(11));
  CHECK(house.world.upstream(0).closed);
}

TEST_CASE("At the end accounts are closed, those in use too", "[shared_accounts]") {
  House house;
  const auto a = house.join(1, house.one);
  house.join(2, house.other).reset();
  house.accounts.reset();
  CHECK(house.world.upstream(0).closed);
  CHECK(house.world.upstream(1).closed);
  CHECK(a->account().dead());
}
