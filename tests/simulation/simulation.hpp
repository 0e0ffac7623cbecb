// A Session and a data centre of Hosts over a simulated network and clock, faults of every kind, all
// from one seed: calm, storms, and in the end a network that heals. Whatever happens,
//
//   every request ends once, with its own answer; none is carried out twice; one that has to come
//   after another does; an update is told once, and acknowledged only then; nothing is sealed twice
//   under one message id; what is remembered is bounded; and once the network heals all comes to an
//   end in time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/plan.hpp"

namespace simulation {

struct Report {
  std::optional<std::string> failure;
  std::vector<std::string> trace;  // what led to it
  std::size_t requests = 0;
  std::size_t answered = 0;
  std::size_t lost = 0;
  std::size_t forgotten = 0;
  std::size_t updates = 0;
  std::size_t connections = 0;
  double simulated = 0;  // seconds
  double slowest = 0;    // seconds from the healing to the last end
};

Report run(const Options& options);
// Runs it once more with a trace where it failed, and says all of that in text.
std::optional<std::string> failure_of(const Options& options);

}  // namespace simulation
