#include <catch2/catch.hpp>

#include "tests/simulation/simulation.hpp"

TEST_CASE("over a bad network every promise of a session is kept whatever the seed") {
  simulation::Options options;
  options.requests = SIMULATION_REQUESTS;
  for (std::uint64_t seed = 1; seed <= SIMULATION_SEEDS; ++seed) {
    options.seed = seed;
    const auto failure = simulation::failure_of(options);
    if (failure) FAIL(*failure);
  }
  SUCCEED();
}
