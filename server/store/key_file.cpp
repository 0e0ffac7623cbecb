#include "server/store/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "server/access/regular_file.hpp"
#include "server/access/secret_file.hpp"

namespace server::store {
namespace {

StoreError missing(std::string text) { return {StoreErrc::no_key, std::move(text)}; }

StoreError failed(const std::string& path) {
  return missing(path + ": " + std::generic_category().message(errno));
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return path.substr(0, slash + 1);
}

bool is_there(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0;
}

void sync_folder(const std::string& path) {
  const int folder = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  ::fsync(folder);
  ::close(folder);
}

bool write_all(int file, tl::ByteView bytes) {
  return ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
         ::fsync(file) == 0;
}

}  // namespace

StoreResult<KeyFile> find_key_file(const StoreUrl& url, const std::string& option,
                                   const std::string& credentials) {
  const auto folder = credentials.empty() ? std::string() : credentials + "/";
  if (!option.empty()) {
    return KeyFile{option, !folder.empty() && option.starts_with(folder)};
  }
  if (!folder.empty() && is_there(folder + "store-key")) return KeyFile{folder + "store-key", true};
  if (url.in_memory()) return KeyFile{};
  if (url.engine == StoreUrl::Engine::sqlite) return KeyFile{url.path + ".key", false};
  return missing(
      "a store in PostgreSQL needs --store-key FILE, the same on every machine; `(umask 077; head "
      "-c 32 /dev/urandom > FILE)` makes one");
}

StoreResult<MasterKey> read_key_file(const KeyFile& file) {
  auto bytes = file.credential ? access::read_regular_file(file.path, access::longest_secret_file)
                               : access::read_secret_bytes(file.path);
  if (!bytes) return missing("the store's key: " + bytes.error());
  if (bytes->size() != MasterKey::size) {
    return missing("the store's key: " + file.path + ": 32 bytes are due, there are " +
                   std::to_string(bytes->size()));
  }
  return MasterKey(std::as_const(*bytes).bytes().first<MasterKey::size>());
}

StoreResult<std::optional<MasterKey>> read_key_file_if_there(const KeyFile& file) {
  if (!is_there(file.path) && errno == ENOENT) return std::optional<MasterKey>();
  auto key = read_key_file(file);
  if (!key) return key.error();
  return std::optional(std::move(*key));
}

// Written under another name first, so that nobody ever reads half of it.
StoreResult<MasterKey> make_key_file(const KeyFile& file) {
  auto key = MasterKey::random();
  auto name = file.path + ".XXXXXX";
  const int made = ::mkostemp(name.data(), O_CLOEXEC);  // mode 0600
  if (made < 0) return failed(file.path);
  const bool written = write_all(made, key.bytes());
  ::close(made);
  const bool linked = written && ::link(name.c_str(), file.path.c_str()) == 0;
  const int why = errno;
  ::unlink(name.c_str());
  errno = why;
  if (linked) {
    sync_folder(file.path);
    return key;
  }
  if (written && why == EEXIST) return read_key_file(file);
  return failed(file.path);
}

}  // namespace server::store
