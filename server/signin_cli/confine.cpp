#include "server/signin_cli/confine.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace server {
namespace {

// The files, their base64, a database's copy and SQLite's own memory.
[[maybe_unused]] constexpr rlim_t most_memory = rlim_t{768} << 20;
constexpr rlim_t most_cpu_seconds = 15;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;  // its shadow is terabytes, and the leak checker opens files
#else
constexpr bool sanitized = false;
#endif

void bound(int what, rlim_t most) {
  const rlimit limit{most, most};
  ::setrlimit(static_cast<decltype(RLIMIT_CORE)>(what), &limit);
}

}  // namespace

void confine() {
  bound(RLIMIT_CORE, 0);
  bound(RLIMIT_CPU, most_cpu_seconds);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (sanitized) return;
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  bound(RLIMIT_AS, most_memory);
  bound(RLIMIT_NPROC, 0);
  bound(RLIMIT_NOFILE, 3);
}

}  // namespace server
