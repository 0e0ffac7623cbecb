#include "server/account/config_refresher.hpp"

#include <catch2/catch.hpp>

#include "tests/server/account/account_fixture.hpp"

using namespace server::account;
using namespace support;
using namespace std::chrono_literals;
using server::upstream::DcOptions;

namespace {

constexpr std::uint32_t get_config = 0xc4f9186b;

SchemaPtr config_schema() {
  static const auto schema = small_schema(R"(
vector#1cb5c415 {t:Type} # [ t ] = Vector t;
boolFalse#bc799737 = Bool;
boolTrue#997275b5 = Bool;
true#3fedd339 = True;
dcOption#18b7a10d flags:# this_port_only:flags.5?true id:int ip_address:string port:int = DcOption;
config#cc1a241e test_mode:Bool dc_options:Vector<DcOption> = Config;
---functions---
help.getConfig#c4f9186b = Config;
)");
  return schema;
}

// An account that asks on behalf of a process; its own refresher stays out of it.
struct Office {
  AccountWorld world;
  std::shared_ptr<DcOptions> book = std::make_shared<DcOptions>();
  std::shared_ptr<Account> account;
  std::unique_ptr<ConfigRefresher> refresher;

  explicit Office(bool learns = true) {
    if (learns) world.telegram->learned = book;
    account = std::make_shared<Account>(
        world.services, support::shared(world.settings(config_schema())), Authorization{});
    account->open();
    refresher = std::make_unique<ConfigRefresher>(account->calls());
  }
  ScriptedUpstream& home() { return world.upstream(0); }
  void answer(std::size_t n, tl::Bytes body) {
    home().answer(n, std::move(body));
    home().end_turn();
  }
  // What was last asked for is over, and nobody is to ask before another minute is.
  bool asks_in_a_minute() {
    const auto now = server::upstream::boot_time();
    return !book->due(now + 30s) && book->due(now + 90s);
  }
  static tl::Bytes config(std::string options) {
    return encoded(*config_schema(),
                   R"({"_cons":"config","test_mode":false,"dc_options":[)" + options + "]}");
  }

  static constexpr auto option =
      R"({"_cons":"dcOption","this_port_only":true,"id":4,"ip_address":"192.0.2.4","port":443})";
};

}  // namespace

TEST_CASE("Nothing is asked before there is a connection, or where nothing is believed",
          "[config_refresher]") {
  Office office, deaf(false);
  office.refresher->refresh(at(0));
  CHECK(office.home().sent.empty());
  deaf.home().come_up();
  deaf.refresher->refresh(at(0));
  CHECK(deaf.home().sent.empty());
}

TEST_CASE("Where data centres are is asked once an hour and told to the whole process",
          "[config_refresher]") {
  Office office;
  office.home().come_up();
  office.refresher->refresh(at(10));
  office.refresher->refresh(at(11));
  REQUIRE(office.home().sent.size() == 1);
  CHECK(office.home().method(0) == get_config);
  CHECK(office.home().sent[0].options.repeat == mtproto::Repeat::freely);
  office.answer(0, Office::config(Office::option));
  REQUIRE(office.book->table());
  CHECK(office.book->table()->at(4) ==
        std::vector<server::upstream::Address>{{"192.0.2.4", 443, false}});
  office.refresher->refresh(at(10 + 3599));
  CHECK(office.home().sent.size() == 1);
  office.refresher->refresh(at(10 + 3600));
  CHECK(office.home().sent.size() == 2);
}

TEST_CASE("An answer without addresses, or none, is asked for again in a minute",
          "[config_refresher]") {
  const auto check = [](auto happens) {
    Office office;
    office.home().come_up();
    office.refresher->refresh(at(0));
    REQUIRE(office.home().sent.size() == 1);
    happens(office);
    CHECK_FALSE(office.book->table());
    CHECK(office.asks_in_a_minute());
  };
  check([](Office& office) { office.answer(0, Office::config("")); });
  check([](Office& office) { office.answer(0, word(0x12345678)); });
  check([](Office& office) { office.answer(0, error(500, "INTERNAL")); });
  check([](Office& office) {
    office.home().user.on_lost(office.home().sent[0].id);
    office.home().end_turn();
  });
  check([](Office& office) { office.home().go_down("the key is unknown", true); });
}

TEST_CASE("One that stops lets another ask in a minute, and what comes then is nobody's",
          "[config_refresher]") {
  Office office;
  office.home().come_up();
  office.refresher->refresh(at(0));
  office.refresher->stop();
  CHECK(office.home().forgotten.size() == 1);
  CHECK(office.asks_in_a_minute());
  office.answer(0, Office::config(Office::option));
  CHECK_FALSE(office.book->table());
}

TEST_CASE("One that asks nothing stops without a trace", "[config_refresher]") {
  Office office;
  office.refresher->stop();
  CHECK(office.book->due(at(0)));
}

TEST_CASE("A layer without the method asks nothing", "[config_refresher]") {
  Office office;
  support::set_schema(*office.account, account_schema());
  office.home().come_up();
  office.refresher->refresh(at(0));
  CHECK(office.home().sent.empty());
}
