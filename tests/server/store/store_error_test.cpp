#include "server/store/store_error.hpp"

#include <catch2/catch.hpp>

using namespace server::store;

TEST_CASE("clients are told what is the matter with a store, and not where it is") {
  const std::string place = "postgresql://10.1.2.3:5432/tg: connection refused";
  for (const auto code :
       {StoreErrc::unavailable, StoreErrc::full, StoreErrc::read_only, StoreErrc::bad_address,
        StoreErrc::wrong_key, StoreErrc::damaged, StoreErrc::updates_missing, StoreErrc::failed}) {
    const auto words = words_for_clients({code, place});
    CHECK_FALSE(words.empty());
    CHECK(words.find("10.1.2.3") == std::string::npos);
  }
  CHECK(words_for_clients({StoreErrc::no_such_account, "there is no account ada"}) ==
        "there is no account ada");
}
