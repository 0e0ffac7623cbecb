#include "server/upstream/scheduling.hpp"

#include <linux/sched/types.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace server::upstream {
namespace {

constexpr __u64 short_turn = 100'000;  // nanoseconds, the least that Linux grants
constexpr __u32 usual_policy = 0;      // SCHED_OTHER; others mean something else by a runtime

}  // namespace

void take_short_turns() {
  sched_attr mine{};
  // The nice value and the policy stay what the user has set.
  if (::syscall(SYS_sched_getattr, 0, &mine, sizeof mine, 0) != 0) return;
  if (mine.sched_policy != usual_policy) return;
  mine.sched_runtime = short_turn;
  ::syscall(SYS_sched_setattr, 0, &mine, 0);
}

// On Linux a nice value is the thread's own; and the process may be nice already.
// Where that is refused, it goes on as it is.
void let_others_first() { [[maybe_unused]] const int priority = ::nice(5); }

}  // namespace server::upstream
