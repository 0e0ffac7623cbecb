#include "server/upstream/event_loop_turn.hpp"

#include <cstddef>
#include <utility>
#include <vector>

#include "server/upstream/pump.hpp"

namespace server::upstream {
namespace {

struct Turns {
  std::size_t depth = 0;
  std::vector<std::shared_ptr<Pump>> woken;
  std::function<void()> first{};
};

Turns& turns() {
  thread_local Turns of_this_thread;
  return of_this_thread;
}

}  // namespace

EventLoopTurn::EventLoopTurn() {
  auto& mine = turns();
  if (++mine.depth == 1 && mine.first) mine.first();
}

void EventLoopTurn::at_begin(std::function<void()> what) { turns().first = std::move(what); }

EventLoopTurn::~EventLoopTurn() {
  auto& mine = turns();
  if (mine.depth == 1) {
    // Those that write may wake others.
    for (std::size_t i = 0; i < mine.woken.size(); ++i) {
      const auto pump = std::move(mine.woken[i]);
      pump->answer_bell();
    }
    mine.woken.clear();
  }
  --mine.depth;
}

bool EventLoopTurn::within() { return turns().depth != 0; }

void EventLoopTurn::at_end(std::shared_ptr<Pump> woken) {
  turns().woken.push_back(std::move(woken));
}

}  // namespace server::upstream
