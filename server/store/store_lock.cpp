#include "server/store/store_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace server::store {

StoreResult<StoreLock> StoreLock::take(const StoreUrl& url) {
  if (url.engine != StoreUrl::Engine::sqlite || url.in_memory()) return StoreLock(-1);
  const auto path = url.path + ".lock";
  StoreLock out(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW, 0600));
  if (out.file_ < 0) {
    const bool refused = errno == EROFS || errno == EACCES || errno == EPERM;
    return StoreError{refused ? StoreErrc::read_only : StoreErrc::bad_address,
                      path + ": " + std::generic_category().message(errno)};
  }
  if (::flock(out.file_, LOCK_EX | LOCK_NB) != 0) {
    return StoreError{StoreErrc::unavailable,
                      url.shown +
                          ": another streamjson has this store open; a file is one "
                          "gateway's alone, several share a PostgreSQL"};
  }
  return out;
}

StoreLock::~StoreLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace server::store
