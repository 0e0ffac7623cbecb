#include "tests/server/cluster/lease_simulation.hpp"

#include <array>
#include <memory>

#include "tests/server/cluster/simulated_node.hpp"

namespace cluster_test {
namespace {

class Run {
 public:
  Run(const SimulationOptions& options, SimulationCounts& counts) : world_(options, counts) {}

  std::optional<std::string> failure() {
    for (std::size_t i = 0; i < 4; ++i) start(i);
    const auto end = world_.agenda.now() + 120s;
    each(100ms, 400ms, [this] { ask(); });
    each(50ms, 300ms, [this] { write(); });
    each(500ms, 6s, [this] { disturb(); });
    while (!world_.failure && world_.agenda.now() < end) world_.agenda.step(end);
    return world_.failure;
  }

 private:
  void each(Duration least, Duration most, std::function<void()> what) {
    world_.agenda.in(world_.dice.between(least, most), [this, least, most, what] {
      what();
      each(least, most, what);
    });
  }
  void start(std::size_t place) {
    nodes_.push_back(
        std::make_unique<SimulatedNode>(world_, "n" + std::to_string(nodes_.size()), place == 0));
    there_[place] = nodes_.back().get();
  }
  void start_later(std::size_t place) {
    world_.agenda.in(world_.dice.between(Duration(1s), Duration(5s)),
                     [this, place] { start(place); });
  }

  void ask() {
    for (const auto& account : accounts) {
      ask(*there_[0], account);
      ask(*there_[world_.dice.below(there_.size())], account);
    }
    if (world_.dice.chance(0.05)) {
      auto& node = *there_[world_.dice.below(there_.size())];
      node.turn([&node, account = some()] { node.let_go(account); });
    }
  }
  void ask(SimulatedNode& node, const std::string& account) {
    node.turn([&node, account] { node.ask(account); });
  }
  void write() {
    for (auto* node : there_) {
      for (const auto& account : accounts) {
        node->turn([node, account] { node->write(account); });
      }
    }
  }
  const std::string& some() { return accounts[world_.dice.below(accounts.size())]; }

  void disturb() {
    auto& dice = world_.dice;
    const auto place = 1 + dice.below(there_.size() - 1);
    auto& node = *there_[place];
    if (node.dead()) return;
    switch (dice.below(6)) {
      case 0:
        return node.stop_for(dice.between(Duration(500ms), Duration(25s)));
      case 1:
        node.kill();
        return start_later(place);
      case 2:
        return node.cut_off(dice.between(Duration(1s), Duration(20s)));
      case 3:
        return node.jump_clock(dice.between(Duration(0s), Duration(60s)));
      case 4:
        return world_.step_clock(dice.between(Duration(-500ms), Duration(500ms)));
      default:
        node.turn([this, &node, place] {
          node.leave();
          node.kill();
          start_later(place);
        });
    }
  }

  World world_;
  std::vector<std::unique_ptr<SimulatedNode>> nodes_;
  std::array<SimulatedNode*, 4> there_{};
};

}  // namespace

std::optional<std::string> failure_of(const SimulationOptions& options, SimulationCounts& counts) {
  return Run(options, counts).failure();
}

}  // namespace cluster_test
