#include "tests/server/cluster/lease_simulation.hpp"

#include <catch2/catch.hpp>

using namespace cluster_test;

namespace {

constexpr std::uint64_t seeds = LEASE_SEEDS;

std::optional<std::string> first_failure(SimulationOptions options, SimulationCounts& counts) {
  for (options.seed = 1; options.seed <= seeds; ++options.seed) {
    if (auto failure = failure_of(options, counts)) return failure;
  }
  return {};
}

}  // namespace

TEST_CASE("whatever happens to nodes, clocks and lines, an account has one owner at a time") {
  SimulationCounts counts;
  const auto failure = first_failure({}, counts);
  if (failure) FAIL(*failure);
  CAPTURE(counts.taken, counts.lost, counts.taken_over, counts.written, counts.refused);
  CHECK(counts.taken > 10 * seeds);
  CHECK(counts.taken_over > seeds);
  CHECK(counts.written > 100 * seeds);
  CHECK(counts.refused > seeds / 10);
}

TEST_CASE("the simulation finds a node that renews late") {
  SimulationCounts counts;
  const auto failure = first_failure({.renews_late = true}, counts);
  REQUIRE(failure);
  CHECK(failure->find("two nodes have a link") != std::string::npos);
}

TEST_CASE("the simulation finds a write without an epoch") {
  SimulationCounts counts;
  const auto failure = first_failure({.writes_without_epoch = true}, counts);
  REQUIRE(failure);
  CHECK(failure->find("with an old epoch was accepted") != std::string::npos);
}
