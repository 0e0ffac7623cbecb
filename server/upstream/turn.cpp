#include "server/upstream/turn.hpp"

#include <cstddef>
#include <utility>
#include <vector>

#include "server/upstream/pump.hpp"

namespace server::upstream {
namespace {

struct Turns {
  std::size_t depth = 0;
  std::vector<std::shared_ptr<Pump>> rung;
};

Turns& turns() {
  thread_local Turns of_this_thread;
  return of_this_thread;
}

}  // namespace

Turn::Turn() { ++turns().depth; }

Turn::~Turn() {
  auto& mine = turns();
  if (mine.depth == 1) {
    // Those that write may ring others.
    for (std::size_t i = 0; i < mine.rung.size(); ++i) {
      const auto pump = std::move(mine.rung[i]);
      pump->answer_bell();
    }
    mine.rung.clear();
  }
  --mine.depth;
}

bool Turn::within() { return turns().depth != 0; }

void Turn::at_end(std::shared_ptr<Pump> rung) { turns().rung.push_back(std::move(rung)); }

}  // namespace server::upstream
