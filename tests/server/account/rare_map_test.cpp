#include "server/account/rare_map.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

using server::account::RareMap;

TEST_CASE("A rare map takes one word, and is a map once something is put into it") {
  RareMap<int, std::string> map;
  static_assert(sizeof map == sizeof(void*));
  CHECK(map.empty());
  CHECK(map.begin() == map.end());
  CHECK(map.find(1) == map.end());
  map.put(2, "two");
  map.put(1, "one");
  map.put(2, "another two");
  CHECK(map.size() == 2);
  CHECK(map.find(2)->second == "another two");
  CHECK(map.find(3) == map.end());
  std::string all;
  for (const auto& [key, value] : map) all += std::to_string(key) + value;
  CHECK(all == "1one2another two");
}

TEST_CASE("A rare map holds nothing again once its last entry is gone") {
  RareMap<int, std::shared_ptr<int>> map;
  map.put(1, std::make_shared<int>(7));
  map.put(2, std::make_shared<int>(8));
  map.erase(map.find(1));
  CHECK(map.find(1) == map.end());
  CHECK(map.size() == 1);
  map.erase_if([](const auto& entry) { return *entry.second == 8; });
  CHECK(map.empty());
  CHECK(map.begin() == map.end());
  map.erase_if([](const auto&) { return true; });
  map.put(3, nullptr);
  map.clear();
  CHECK(map.size() == 0);
}
