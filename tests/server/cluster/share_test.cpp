#include "server/cluster/share.hpp"

#include <catch2/catch.hpp>
#include <vector>

using server::cluster::above_share;
using server::store::NodeShare;

namespace {

// Nodes "0", "1", …
std::vector<NodeShare> nodes(std::initializer_list<std::size_t> accounts) {
  std::vector<NodeShare> out;
  for (const auto count : accounts) out.push_back({{std::to_string(out.size()), {}}, count});
  return out;
}

}  // namespace

TEST_CASE("a node has above its share what is more than an even part of all") {
  CHECK(above_share(nodes({300, 0, 0}), "0") == 200);
  CHECK(above_share(nodes({200, 100, 0}), "0") == 100);
  CHECK(above_share(nodes({7, 3}), "0") == 2);
}

TEST_CASE("a node that has its share or less gives nothing away") {
  CHECK(above_share(nodes({300, 0, 0}), "1") == 0);
  CHECK(above_share(nodes({100, 100, 100}), "2") == 0);
  CHECK(above_share(nodes({0, 0}), "0") == 0);
}

TEST_CASE("a tenth above the share, or one account, is not worth a move") {
  CHECK(above_share(nodes({110, 90}), "0") == 0);
  CHECK(above_share(nodes({111, 89}), "0") == 11);
  CHECK(above_share(nodes({2, 0}), "0") == 0);
  CHECK(above_share(nodes({3, 0}), "0") == 0);
  CHECK(above_share(nodes({4, 0}), "0") == 2);
}

TEST_CASE("a node that is alone, or is not listed, gives nothing away") {
  CHECK(above_share(nodes({300}), "0") == 0);
  CHECK(above_share(nodes({300, 0}), "another") == 0);
  CHECK(above_share({}, "0") == 0);
}
