#include "server/cluster/share.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <vector>

using server::cluster::above_share;
using server::cluster::parts_of;
using server::store::NodeShare;

namespace {

// Nodes "0", "1", …
std::vector<NodeShare> nodes(std::initializer_list<std::size_t> accounts) {
  std::vector<NodeShare> out;
  for (const auto count : accounts) out.push_back({{std::to_string(out.size()), {}}, count});
  return out;
}

struct Account {
  std::size_t node = 0, thread = 0;
};

// One look of that node: what it gives away the other one has at once. How many went.
std::size_t look(std::vector<Account>& accounts, std::size_t node, std::size_t threads,
                 std::size_t first) {
  std::size_t mine = 0;
  for (const auto& account : accounts) mine += account.node == node ? 1 : 0;
  const auto count = above_share(
      nodes({node == 0 ? mine : accounts.size() - mine, node == 1 ? mine : accounts.size() - mine}),
      std::to_string(node));
  auto parts = parts_of(count, threads, first);
  std::size_t gone = 0;
  for (auto& account : accounts) {
    if (account.node != node || parts[account.thread] == 0) continue;
    --parts[account.thread];
    account.node = 1 - node;
    ++gone;
  }
  return gone;
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

TEST_CASE("what is given away is what was due, spread over the threads") {
  CHECK(parts_of(5, 3, 0) == std::vector<std::size_t>{2, 2, 1});
  CHECK(parts_of(5, 3, 2) == std::vector<std::size_t>{2, 1, 2});
  CHECK(parts_of(2, 4, 3) == std::vector<std::size_t>{1, 0, 0, 1});
  for (std::size_t count = 0; count < 40; ++count) {
    const auto parts = parts_of(count, 16, count);
    CHECK(std::accumulate(parts.begin(), parts.end(), std::size_t{0}) == count);
  }
}

TEST_CASE(
    "two nodes of more threads than accounts are due come to rest, and no account goes back") {
  for (const std::size_t threads : {2, 8, 16, 64}) {
    std::vector<Account> accounts(20);
    for (std::size_t i = 0; i < accounts.size(); ++i) accounts[i].thread = i * i * 7 % threads;
    std::size_t first = 0, back = 0, later = 0;
    for (int i = 0; i < 40; ++i) {
      const auto gone = look(accounts, 0, threads, first);
      first += 3;
      if (i >= 30) later += gone;
      back += look(accounts, 1, threads, first);
    }
    INFO(threads << " threads");
    CHECK(back == 0);
    CHECK(later == 0);
    const auto first_has = std::count_if(accounts.begin(), accounts.end(),
                                         [](const Account& one) { return one.node == 0; });
    CHECK(first_has <= 11);
  }
}
