#include "tests/simulation/simulation.hpp"

#include "tests/simulation/world.hpp"

namespace simulation {
namespace {

constexpr std::size_t shown = 120;

}  // namespace

Report run(const Options& options) {
  World world(options);
  std::optional<std::string> failure;
  try {
    world.run();
  } catch (const Violation& violation) {
    failure = violation.what();
  }
  auto report = world.report();
  report.failure = std::move(failure);
  return report;
}

std::optional<std::string> failure_of(const Options& options) {
  if (!run(options).failure) return {};
  auto again = options;
  again.trace = true;
  const auto report = run(again);
  std::string out;
  const auto from = report.trace.size() - std::min(report.trace.size(), shown);
  for (auto i = from; i < report.trace.size(); ++i) out += report.trace[i] + "\n";
  out += "seed " + std::to_string(options.seed) + ": " +
         report.failure.value_or("failed once, and not when it was traced") + "\n";
  out += "again: session-simulation --seed " + std::to_string(options.seed) + " --requests " +
         std::to_string(options.requests) + " --trace\n";
  return out;
}

}  // namespace simulation
