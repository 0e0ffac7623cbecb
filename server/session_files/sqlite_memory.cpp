#include "server/session_files/sqlite_memory.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <mutex>

#include "mtproto/crypto/secret.hpp"

namespace server::session_files {
namespace {

// Pages, what is read ahead of a key, and an index of a log of 256 MiB.
constexpr sqlite3_int64 most_memory = sqlite3_int64{64} << 20;

sqlite3_mem_methods under_wiping;

void free_wiped(void* at) {
  const int size = under_wiping.xSize(at);
  mtproto::wipe({static_cast<std::uint8_t*>(at), static_cast<std::size_t>(std::max(size, 0))});
  under_wiping.xFree(at);
}

void* reallocate_wiped(void* at, int size) {
  void* bigger = under_wiping.xMalloc(size);
  if (bigger == nullptr) return nullptr;
  std::memcpy(bigger, at, static_cast<std::size_t>(std::min(size, under_wiping.xSize(at))));
  free_wiped(at);
  return bigger;
}

}  // namespace

sqlite3_mem_methods wiping_methods(const sqlite3_mem_methods& under) {
  under_wiping = under;
  auto out = under;
  out.xFree = free_wiped;
  out.xRealloc = reallocate_wiped;
  return out;
}

void start_sqlite() {
  static std::once_flag once;
  std::call_once(once, [] {
    sqlite3_mem_methods usual{};
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual) == SQLITE_OK) {
      const auto wiping = wiping_methods(usual);
      sqlite3_config(SQLITE_CONFIG_MALLOC, &wiping);
    }
    sqlite3_initialize();
    sqlite3_hard_heap_limit64(most_memory);
  });
}

}  // namespace server::session_files
