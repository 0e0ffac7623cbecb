#include "server/session_files/memory_vfs.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace server::session_files {
namespace {

// A journal may name the size that its database had, which is anything.
constexpr std::size_t longest_file = std::size_t{512} << 20;

// --- a file, as SQLite calls it ---

struct OpenFile {
  sqlite3_file base;
  MemoryFile* file;
};

MemoryFile& file_of(sqlite3_file* open) { return *reinterpret_cast<OpenFile*>(open)->file; }

int close_file(sqlite3_file*) { return SQLITE_OK; }

int read_file(sqlite3_file* open, void* to, int size, sqlite3_int64 at) {
  const auto bytes = file_of(open).bytes();
  const auto wanted = static_cast<std::size_t>(size);
  const auto from = std::min(static_cast<std::size_t>(at), bytes.size());
  const auto there = std::min(wanted, bytes.size() - from);
  if (there > 0) std::memcpy(to, bytes.data() + from, there);
  std::memset(static_cast<char*>(to) + there, 0, wanted - there);
  return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* open, const void* from, int size, sqlite3_int64 at) {
  const tl::ByteView bytes(static_cast<const std::uint8_t*>(from), static_cast<std::size_t>(size));
  return file_of(open).write(static_cast<std::size_t>(at), bytes) ? SQLITE_OK : SQLITE_FULL;
}

int truncate_file(sqlite3_file* open, sqlite3_int64 size) {
  return file_of(open).resize(static_cast<std::size_t>(size)) ? SQLITE_OK : SQLITE_FULL;
}

int sync_file(sqlite3_file*, int) { return SQLITE_OK; }

int size_of_file(sqlite3_file* open, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(file_of(open).bytes().size());
  return SQLITE_OK;
}

int lock_file(sqlite3_file*, int) { return SQLITE_OK; }

int check_lock(sqlite3_file*, int* locked) {
  *locked = 0;
  return SQLITE_OK;
}

int control_file(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }

int sector_size(sqlite3_file*) { return 512; }

int characteristics(sqlite3_file*) { return 0; }

// Version 1: without shared memory, which a log needs none of where its database has one user.
const sqlite3_io_methods file_methods = [] {
  sqlite3_io_methods out{};
  out.iVersion = 1;
  out.xClose = close_file;
  out.xRead = read_file;
  out.xWrite = write_file;
  out.xTruncate = truncate_file;
  out.xSync = sync_file;
  out.xFileSize = size_of_file;
  out.xLock = lock_file;
  out.xUnlock = lock_file;
  out.xCheckReservedLock = check_lock;
  out.xFileControl = control_file;
  out.xSectorSize = sector_size;
  out.xDeviceCharacteristics = characteristics;
  return out;
}();

// --- the file system ---

MemoryVfs& files_of(sqlite3_vfs* vfs) { return *static_cast<MemoryVfs*>(vfs->pAppData); }

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* open, int flags, int* out_flags) {
  auto* file = files_of(vfs).find(name);
  open->pMethods = nullptr;
  if (file == nullptr) return SQLITE_CANTOPEN;
  reinterpret_cast<OpenFile*>(open)->file = file;
  open->pMethods = &file_methods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int remove_file(sqlite3_vfs* vfs, const char* name, int) {
  if (auto* file = files_of(vfs).find(name)) file->resize(0);
  return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, const char* name, int, int* there) {
  const auto* file = files_of(vfs).find(name);
  *there = file != nullptr && !file->bytes().empty() ? 1 : 0;
  return SQLITE_OK;
}

int full_name(sqlite3_vfs*, const char* name, int room, char* out) {
  const auto size = std::strlen(name) + 1;
  if (size > static_cast<std::size_t>(room)) return SQLITE_CANTOPEN;
  std::memcpy(out, name, size);
  return SQLITE_OK;
}

// Only names of temporary files are drawn.
int no_randomness(sqlite3_vfs*, int size, char* out) {
  std::memset(out, 0, static_cast<std::size_t>(size));
  return size;
}

int no_sleep(sqlite3_vfs*, int microseconds) { return microseconds; }

int no_time(sqlite3_vfs*, double* out) {
  *out = 0;
  return SQLITE_OK;
}

}  // namespace

bool MemoryFile::write(std::size_t at, tl::ByteView bytes) {
  if (at > longest_file) return false;
  if (at + bytes.size() > size_ && !resize(at + bytes.size())) return false;
  std::ranges::copy(bytes, room_.bytes().subspan(at).begin());
  return true;
}

bool MemoryFile::resize(std::size_t size) {
  if (size > longest_file) return false;
  if (size > room_.size()) {
    mtproto::SecretBytes larger(std::min(std::max(size, 2 * room_.size()), longest_file));
    std::ranges::copy(bytes(), larger.bytes().begin());
    room_ = std::move(larger);
  }
  if (size < size_) mtproto::wipe(room_.bytes().subspan(size, size_ - size));
  size_ = size;
  return true;
}

MemoryVfs::MemoryVfs(DatabaseFiles files)
    : files_{MemoryFile(std::move(files.database)), MemoryFile(std::move(files.log)),
             MemoryFile(std::move(files.journal))},
      name_("memory-" + std::to_string(reinterpret_cast<std::uintptr_t>(this))) {
  vfs_.iVersion = 1;
  vfs_.szOsFile = sizeof(OpenFile);
  vfs_.mxPathname = 64;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = open_file;
  vfs_.xDelete = remove_file;
  vfs_.xAccess = access_file;
  vfs_.xFullPathname = full_name;
  vfs_.xRandomness = no_randomness;
  vfs_.xSleep = no_sleep;
  vfs_.xCurrentTime = no_time;
  sqlite3_vfs_register(&vfs_, 0);
}

MemoryVfs::~MemoryVfs() { sqlite3_vfs_unregister(&vfs_); }

MemoryFile* MemoryVfs::find(const char* file_name) {
  if (file_name == nullptr) return nullptr;  // a temporary one
  std::string_view name(file_name);
  const std::string_view own(database_name);
  if (!name.starts_with(own)) return nullptr;
  name.remove_prefix(own.size());
  if (name.empty()) return files_.data();
  if (name == "-wal") return files_.data() + 1;
  if (name == "-journal") return files_.data() + 2;
  return nullptr;
}

}  // namespace server::session_files
