#include "server/store/store_look.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "server/store/postgres_database.hpp"
#include "server/store/schema.hpp"
#include "server/store/sqlite_database.hpp"

namespace server::store {
namespace {

StoreError not_there(const std::string& path) {
  return {StoreErrc::bad_address, path + ": " + std::generic_category().message(errno)};
}

// The file, and the folder, where two more come while it is open.
StoreStatus look_at_files(const std::string& path, bool there) {
  if (there && ::access(path.c_str(), R_OK | W_OK) != 0) return not_there(path);
  const auto slash = path.rfind('/');
  const auto folder = slash == path.npos ? std::string(".") : path.substr(0, slash + 1);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) return not_there(folder);
  return {};
}

StoreStatus look_at_key(const KeyFile& file, bool due) {
  if (due) {
    const auto key = read_key_file(file);
    return key ? StoreStatus() : StoreStatus(key.error());
  }
  const auto key = read_key_file_if_there(file);
  return key ? StoreStatus() : StoreStatus(key.error());
}

StoreStatus look_inside(Database& database, const KeyFile& file, bool key_due) {
  const auto there = is_store(database);
  if (!there) return there.error();
  if (!*there) return look_at_key(file, key_due);
  const auto key = read_key_file(file);
  if (!key) return key.error();
  const auto today = is_of_today(database, *key);
  return today ? StoreStatus() : StoreStatus(today.error());
}

}  // namespace

StoreStatus look_at_store(const StoreUrl& url, const KeyFile& file) {
  if (url.in_memory()) return file.path.empty() ? StoreStatus() : look_at_key(file, false);
  if (url.engine == StoreUrl::Engine::postgres) {
    auto database = PostgresDatabase::open(url);
    return database ? look_inside(**database, file, true) : StoreStatus(database.error());
  }
  struct stat about {};
  const bool there = ::stat(url.path.c_str(), &about) == 0;
  if (const auto files = look_at_files(url.path, there); !files) return files;
  if (!there) return look_at_key(file, false);
  auto database = SqliteDatabase::open(url);
  return database ? look_inside(**database, file, false) : StoreStatus(database.error());
}

}  // namespace server::store
