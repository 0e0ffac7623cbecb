// How the kernel shares a processor between the threads that serve clients and those that calculate.
#pragma once

namespace server::upstream {

// This thread works briefly whenever it is woken: asks for the shortest turns that there are, so
// that it need not wait for the end of another's (Linux 6.12 on; elsewhere without effect).
// sched_setattr(2).
void take_short_turns();

// This thread calculates for long, and others go first.
void let_others_first();

}  // namespace server::upstream
