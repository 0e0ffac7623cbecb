// The true time of a simulation, the table with its own clock, the line to it, and what is watched.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/cluster/lease_keeper.hpp"
#include "tests/server/cluster/lease_simulation.hpp"
#include "tests/simulation/agenda.hpp"
#include "tests/simulation/dice.hpp"

namespace cluster_test {

using namespace std::chrono_literals;
namespace store = server::store;
using mtproto::Duration;
using mtproto::Time;

inline constexpr Duration ttl = 10s;
inline const std::vector<std::string> accounts{"ada", "bob", "eve"};

class World {
 public:
  struct Row {
    std::string node;
    std::int64_t epoch = 0;
    Time expires;  // by the table's clock
    Time touched;  // in true time, by its node
  };

  World(const SimulationOptions& how, SimulationCounts& to)
      : options(how), counts(to), dice(how.seed) {}

  const SimulationOptions options;
  SimulationCounts& counts;
  simulation::Dice dice;
  simulation::Agenda agenda{Time(1'000'000s)};
  std::map<std::string, Row> rows;
  std::optional<std::string> failure;

  void fail(const std::string& what) {
    if (failure) return;
    const auto at = (agenda.now() - Time(1'000'000s)).count();
    failure =
        "seed " + std::to_string(options.seed) + ", at " + std::to_string(at) + " us: " + what;
  }

  // --- the table; called when a statement is carried out ---

  void step_clock(Duration by) { skew_ += by; }
  store::LeaseOffer take(const std::string& account, const std::string& node);
  std::vector<store::Lease> renew(const std::string& node);
  void give_back(const std::string& account, const std::string& node, std::int64_t epoch);
  void give_back_all(const std::string& node);
  bool write(const std::string& account, const std::string& node, std::int64_t epoch);

  // --- links, by who runs ---

  void opened(const std::string& account, const std::string& node) {
    auto& open = links_[account];
    open.insert(node);
    if (open.size() > 1)
      fail("two nodes have a link of " + account + ": " + *open.begin() + " and " + *open.rbegin());
  }
  void closed(const std::string& account, const std::string& node) { links_[account].erase(node); }

  // Its node died at this moment: until when it must be another's.
  void watch_failover(const std::string& account, const std::string& dead);

 private:
  Time clock() const { return agenda.now() + skew_; }

  Duration skew_ = 12345s;
  std::map<std::string, std::int64_t> newest_;  // epochs that were given
  std::map<std::string, std::set<std::string>> links_;
};

}  // namespace cluster_test
