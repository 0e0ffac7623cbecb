// Who shares an account with whom, and for how long it is kept. Over sockets: accounts_test.cpp.
#include <catch2/catch.hpp>

#include "server/account/accounts.hpp"
#include "tests/server/account/account_fixture.hpp"

using namespace server::account;
using namespace support;

namespace {

using Handle = std::unique_ptr<AccountHandle>;
using Stay = Accounts::Stay;

struct House {
  AccountWorld world;
  std::unique_ptr<Accounts> accounts = std::make_unique<Accounts>(world.services);
  Listener one, other;

  Handle join(std::uint8_t key, Listener& user, DcSettings how, Stay stay = Stay::kept) {
    return accounts->join(support::shared(std::move(how)), {session_of(key, 11), {}, {}, {}}, user,
                          stay);
  }
  Handle join(std::uint8_t key, Listener& user, Stay stay) {
    return join(key, user, world.settings(), stay);
  }
  Handle join(std::uint8_t key, Listener& user) { return join(key, user, world.settings()); }
  // Whether a client that has `how` stands in the way of nobody.
  bool fits(const DcSettings& how) {
    const auto a = join(1, one);
    return !accounts->is_used_otherwise(key_of(1), how, other);
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

TEST_CASE("Another app or layer shares the session, another way to Telegram stands in its way",
          "[shared_accounts]") {
  House house;
  const auto same = house.world.settings();
  CHECK(house.fits(same));
  auto how = same;
  how.prefix = word(2);
  CHECK(house.fits(how));
  how = same;
  how.pfs = true;
  CHECK_FALSE(house.fits(how));
  how = same;
  how.home = mtproto::DcId(4);
  CHECK_FALSE(house.fits(how));
  how = same;
  how.transport.obfuscated = !same.transport.obfuscated;
  CHECK_FALSE(house.fits(how));
  how = same;
  how.proxy = std::make_shared<server::upstream::Proxy>();
  CHECK_FALSE(house.fits(how));
  how = same;
  how.telegram = some_telegram();  // whose keys are others
  CHECK(house.fits(how));
}

TEST_CASE("Who is alone with a key may go another way", "[shared_accounts]") {
  House house;
  auto how = house.world.settings();
  how.pfs = true;
  const auto a = house.join(1, house.one);
  CHECK_FALSE(house.accounts->is_used_otherwise(key_of(1), how, house.one));
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
  const auto a = house.join(1, house.one, by("ada"));
  CHECK_FALSE(house.accounts->is_used_otherwise(key_of(1), by("ada"), house.other));
  CHECK(house.accounts->is_used_otherwise(key_of(1), by("eve"), house.other));
}

TEST_CASE("One that is kept for nobody makes way for who reaches Telegram otherwise",
          "[shared_accounts]") {
  House house;
  house.join(1, house.one).reset();
  auto how = house.world.settings();
  how.pfs = true;
  const auto a = house.join(1, house.other, how);
  CHECK(house.world.upstream(0).closed);
  CHECK(a->account().settings().pfs);
  CHECK(house.accounts->size() == 1);
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

TEST_CASE("What is left of an account is told once, and not looked at again", "[shared_accounts]") {
  House house;
  const auto a = house.join(1, house.one), b = house.join(1, house.other);
  CHECK(a->leave().session.key);
  CHECK_FALSE(a->leave().session.key);
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
    house.accounts->join(support::shared(house.world.settings()), {session, {}, {}, {}}, house.one,
                         Stay::kept);
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

TEST_CASE("An account that is no plain HTTP request's goes with its last client",
          "[shared_accounts]") {
  House house;
  auto own = house.join(1, house.one, Stay::with_client);
  own->account().open();
  CHECK(own->account().session().session == mtproto::SessionId(11));
  CHECK(house.accounts->size() == 1);
  const auto shared = house.join(1, house.other, Stay::with_client);
  CHECK(&shared->account() == &own->account());
  shared->leave();
  CHECK_FALSE(house.world.upstream(0).closed);
  const auto left = own->leave();
  CHECK(left.session.session == mtproto::SessionId(11));
  CHECK(house.world.upstream(0).closed);
  CHECK(house.accounts->size() == 0);
}

TEST_CASE("An account is found by the key that it made itself", "[shared_accounts]") {
  House house;
  auto first = house.accounts->join(support::shared(house.world.settings()), {}, house.one,
                                    Stay::with_client);
  first->account().open();
  house.world.upstream(0).session = session_of(1, 12);
  house.world.upstream(0).end_turn();
  const auto second = house.join(1, house.other);
  CHECK(&first->account() == &second->account());
}

TEST_CASE("Another key with the same number is another's", "[shared_accounts]") {
  House house;
  const auto a = house.join(1, house.one);
  house.world.live.release(key_of(1).id());
  house.world.live.claim(key_of(2).id(), {0, &a->account()});
  const auto b = house.join(2, house.other);
  CHECK(&a->account() != &b->account());
}

TEST_CASE("A key that another thread has gets a session of its own here", "[shared_accounts]") {
  House house;
  house.world.live.claim(key_of(1).id(), {7, nullptr});
  const auto a = house.join(1, house.one, Stay::with_client);
  CHECK(a->account().session().session == mtproto::SessionId(0));
  CHECK(a->account().session().key->id() == key_of(1).id());
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
