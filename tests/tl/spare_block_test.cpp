#include "tl/spare_block.hpp"

#include <catch2/catch.hpp>

TEST_CASE("A block that was given back is the next of its size, and of no other") {
  tl::SpareBlock spare;
  void* const first = spare.take(100);
  void* const second = spare.take(100);
  CHECK(first != second);
  spare.give_back(first, 100);
  void* const third = spare.take(100);
  CHECK(third == first);
  spare.give_back(second, 100);
  void* const larger = spare.take(200);
  CHECK(larger != second);
  spare.give_back(larger, 200);  // in place of the smaller one
  CHECK(spare.take(200) == larger);
  spare.give_back(larger, 200);
  spare.give_back(third, 100);
}
