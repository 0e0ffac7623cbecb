#include "server/process/process.hpp"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>

namespace server {

void harden_process() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__)  // the leak checker has to look in
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGUSR2, SIG_IGN);
}

void give_back_large_memory() {
#if defined(__GLIBC__)
  constexpr int large = 1 << 20;
  constexpr int kept = 4 << 20;
  ::mallopt(M_MMAP_THRESHOLD, large);
  ::mallopt(M_TRIM_THRESHOLD, kept);
#endif
}

std::size_t raise_file_limit() {
  constexpr rlim_t enough = 1 << 20;
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return 1024;
  const auto wanted = std::min(files.rlim_max, std::max(enough, files.rlim_cur));
  if (wanted > files.rlim_cur) {
    auto raised = files;
    raised.rlim_cur = wanted;
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) files = raised;
  }
  return static_cast<std::size_t>(std::min(files.rlim_cur, enough));
}

}  // namespace server
