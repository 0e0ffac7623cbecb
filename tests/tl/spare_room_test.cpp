#include "tl/spare_room.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

TEST_CASE(
    "a buffer that is given back has its room for the next one, and nothing of what was in it") {
  std::vector<int> one{1, 2, 3}, next;
  const auto* const place = one.data();
  tl::give_room_back(one, 16);
  CHECK(one.capacity() == 0);
  tl::lend_room(next);
  CHECK(next.empty());
  CHECK(next.capacity() >= 3);
  CHECK(next.data() == place);
}

TEST_CASE("a buffer that has something is lent nothing, be it as short as it may") {
  std::string spare(100, 'x');
  tl::give_room_back(spare, 1000);
  std::string text = "}";
  tl::lend_room(text);
  CHECK(text == "}");
  text.clear();
  tl::lend_room(text);
  CHECK(text.empty());
  CHECK(text.capacity() >= 100);
}

TEST_CASE("room above the bound is kept for nobody") {
  std::vector<long> large(1000), next;
  tl::give_room_back(large, 16);
  CHECK(large.capacity() == 0);
  tl::lend_room(next);
  CHECK(next.capacity() < 1000);
}

TEST_CASE("room is kept for a few") {
  for (int i = 0; i < 10; ++i) {
    std::vector<short> one(4);
    tl::give_room_back(one, 16);
  }
  std::vector<std::vector<short>> many(10);
  std::size_t lent = 0;
  for (auto& one : many) {
    tl::lend_room(one);
    lent += one.capacity() > 0 ? 1 : 0;
  }
  CHECK(lent > 0);
  CHECK(lent < many.size());
}
