#include "mtproto/data_centres.hpp"

#include <catch2/catch.hpp>

using namespace mtproto;

TEST_CASE("the keys compiled in are Telegram's current ones") {
  REQUIRE(DataCentreTable::production().keys().size() == 1);
  CHECK(DataCentreTable::production().keys()[0].fingerprint() == 0xd09d1d85de64fd85);
  REQUIRE(DataCentreTable::test().keys().size() == 1);
  CHECK(DataCentreTable::test().keys()[0].fingerprint() == 0xb25898df208d2603);
}

TEST_CASE("production has five data centres, test three, each over IPv4 and IPv6 and three ports") {
  const auto& production = DataCentreTable::production();
  CHECK(production.telegram() == "production");
  CHECK(production.data_centres().size() == 5);
  CHECK(DataCentreTable::test().data_centres().size() == 3);
  for (const auto* table : {&production, &DataCentreTable::test()}) {
    for (const auto& dc : table->data_centres()) {
      for (const auto port : {443, 80, 5222}) {
        for (const bool ipv6 : {false, true}) {
          CHECK(std::any_of(dc.addresses.begin(), dc.addresses.end(), [&](const auto& it) {
            return it.port == port && it.ipv6 == ipv6 && !it.media;
          }));
        }
      }
      CHECK(dc.addresses.front().port == 443);
      CHECK_FALSE(dc.addresses.front().media);
    }
  }
}

TEST_CASE("a data centre is found by its number, and a test one is named with 10000 more") {
  const auto* two = DataCentreTable::production().find(DcId(2));
  REQUIRE(two != nullptr);
  CHECK(two->addresses.front().host == "149.154.167.51");
  CHECK(two->number() == 2);
  CHECK(DataCentreTable::test().find(DcId(2))->number() == 10002);
  CHECK(DataCentreTable::test().find(DcId(4)) == nullptr);
}

TEST_CASE("somebody's own table says what it was given") {
  const DataCentreTable table("sandbox", {{DcId(2), false, {{"127.0.0.1", 4433, false, false}}}},
                              DataCentreTable::test().keys());
  CHECK(table.telegram() == "sandbox");
  CHECK(table.find(DcId(2))->addresses.front().port == 4433);
  CHECK(table.find(DcId(1)) == nullptr);
}
