// Holds a second gateway off a store that is a file: an account in two processes is lost, and only
// nodes on one PostgreSQL can tell each other whose it is. What is done by hand beside a gateway
// (`streamjson store …`) needs no such lock.
// man7.org/linux/man-pages/man2/flock.2.html
#pragma once

#include <utility>

#include "server/store/store_url.hpp"

namespace server::store {

class StoreLock {
 public:
  // On PATH.lock, which is made where it is not there, and stays. `unavailable`: another process
  // has it. A store in memory or in a PostgreSQL needs none, and gets none.
  static StoreResult<StoreLock> take(const StoreUrl&);

  StoreLock(StoreLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  StoreLock& operator=(StoreLock&&) = delete;
  ~StoreLock();

 private:
  explicit StoreLock(int file) : file_(file) {}

  int file_;  // -1: none
};

}  // namespace server::store
