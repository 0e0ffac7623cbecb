// Several nodes on one table of leases, over a bad line, in scripted time: nodes are stopped for
// longer than a lease, die, are cut off, and their clocks jump; statements are lost, late, or carried
// out though their node was told otherwise. The same seed is the same run.
//
// What must hold, by true time: no two nodes that run have a link open at one moment; no write is
// accepted whose epoch is old; an account whose owner died has another one within the lease's time
// and 2 s, where somebody asks for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace cluster_test {

struct SimulationOptions {
  std::uint64_t seed = 1;
  // Faults that it has to find.
  bool renews_late = false;           // a node believes that a lease lasts twice as long
  bool writes_without_epoch = false;  // the table does not look at it
};

struct SimulationCounts {
  std::uint64_t taken = 0, lost = 0, taken_over = 0, written = 0, refused = 0;
};

// None: all of it held.
std::optional<std::string> failure_of(const SimulationOptions&, SimulationCounts&);

}  // namespace cluster_test
