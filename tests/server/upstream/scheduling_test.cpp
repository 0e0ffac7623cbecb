#include "server/upstream/scheduling.hpp"

#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdio>
#include <thread>
#include <utility>

namespace {

// The first published layout of the kernel's sched_attr; its header and glibc's don't go together.
struct Attributes {
  std::uint32_t size, sched_policy;
  std::uint64_t sched_flags;
  std::int32_t sched_nice;
  std::uint32_t sched_priority;
  std::uint64_t sched_runtime, sched_deadline, sched_period;
};

Attributes of_this_thread() {
  Attributes out{};
  ::syscall(SYS_sched_getattr, 0, &out, sizeof out, 0);
  return out;
}

// Before and after `change`, in a thread of its own.
template <class Change>
std::pair<Attributes, Attributes> around(Change change) {
  std::pair<Attributes, Attributes> out;
  std::thread([&] {
    out.first = of_this_thread();
    change();
    out.second = of_this_thread();
  }).join();
  return out;
}

bool knows_turns() {
  utsname name{};
  int major = 0, minor = 0;
  REQUIRE(::uname(&name) == 0);
  REQUIRE(std::sscanf(name.release, "%d.%d", &major, &minor) == 2);
  return std::pair(major, minor) >= std::pair(6, 12);
}

}  // namespace

TEST_CASE("a thread with short turns keeps its policy and its nice value") {
  const auto [before, after] = around(server::upstream::take_short_turns);
  REQUIRE(after.size > 0);
  CHECK(after.sched_policy == before.sched_policy);
  CHECK(after.sched_nice == before.sched_nice);
}

TEST_CASE("where the kernel knows of turns, a thread gets the shortest") {
  const auto [before, after] = around(server::upstream::take_short_turns);
  CHECK(after.sched_runtime == (knows_turns() ? 100'000 : before.sched_runtime));
}

TEST_CASE("a thread that lets others first is nicer than it was, and it alone") {
  const auto own = of_this_thread().sched_nice;
  const auto [before, after] = around(server::upstream::let_others_first);
  CHECK(after.sched_nice >= 5);
  CHECK(after.sched_nice == std::min(before.sched_nice + 5, 19));
  CHECK(of_this_thread().sched_nice == own);
}
