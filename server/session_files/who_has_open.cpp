// Linux's own record of it: /proc/PID/fd, and the locks of fcntl().
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "server/session_files/disk_files.hpp"

namespace server::session_files {
namespace {

namespace fs = std::filesystem;

std::string process_name(const std::string& id) {
  std::ifstream file("/proc/" + id + "/comm");
  std::string name;
  std::getline(file, name);
  return (name.empty() ? "a program" : name) + " (process " + id + ")";
}

bool is_process(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

// The file itself by whatever name, or one below a folder.
class Wanted {
 public:
  explicit Wanted(const fs::path& path) {
    std::error_code ignored;
    there_ =
        ::stat(path.c_str(), &about_) == 0 && (S_ISREG(about_.st_mode) || S_ISDIR(about_.st_mode));
    if (there_ && S_ISDIR(about_.st_mode)) below_ = fs::canonical(path, ignored).string() + "/";
  }
  bool there() const { return there_; }
  bool is(const fs::path& descriptor) const {
    if (!below_.empty()) {
      std::error_code error;
      const auto target = fs::read_symlink(descriptor, error).string();
      return !error && target.starts_with(below_);
    }
    struct stat other {};
    return ::stat(descriptor.c_str(), &other) == 0 && other.st_dev == about_.st_dev &&
           other.st_ino == about_.st_ino;
  }

 private:
  struct stat about_ {};
  bool there_ = false;
  std::string below_;  // the folder's name; empty: it is a file
};

// Of one process; those that may not be looked at have none.
bool has_open(const fs::path& process, const Wanted& wanted) {
  std::error_code error;
  for (fs::directory_iterator at(process / "fd", error), end; !error && at != end;
       at.increment(error)) {
    if (wanted.is(at->path())) return true;
  }
  return false;
}

// Whoever has a lock on any part of it, of which the system tells the process.
std::string who_locks(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0) return "";
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool locked = ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  ::close(file);
  if (!locked) return "";
  return lock.l_pid > 0 ? process_name(std::to_string(lock.l_pid)) : "another program";
}

}  // namespace

std::string DiskFiles::who_has_open(const Path& file) const {
  const Wanted wanted(file);
  if (!wanted.there()) return "";
  const auto self = std::to_string(::getpid());
  std::error_code error;
  for (fs::directory_iterator at("/proc", error), end; !error && at != end; at.increment(error)) {
    const auto id = at->path().filename().string();
    if (is_process(id) && id != self && has_open(at->path(), wanted)) return process_name(id);
  }
  return who_locks(file);
}

}  // namespace server::session_files
