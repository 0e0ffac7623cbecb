// Runs what a machine hands out, at once and here.
#pragma once

#include <utility>

#include "mtproto/time.hpp"
#include "mtproto/work.hpp"

namespace support {

// For any machine with take_work() and done(work, now). The first error, or success.
template <class Machine>
auto run_work(Machine& machine, mtproto::Time now = {}) {
  using Outcome = decltype(machine.done(nullptr, now));
  while (true) {
    auto list = machine.take_work();
    if (list.empty()) return Outcome{};
    for (auto& work : list) {
      work->run();
      if (auto outcome = machine.done(std::move(work), now); !outcome) return outcome;
    }
  }
}

}  // namespace support
