#include "server/store_cli/private_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace server::store_cli {

PrivateFile::PrivateFile(std::string path) : path_(std::move(path)) {
  file_ = is_stdout() ? STDOUT_FILENO
                      : ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file_ < 0) fail();
}

PrivateFile::~PrivateFile() {
  if (file_ < 0 || is_stdout()) return;
  ::close(file_);
  if (!finished_) ::unlink(path_.c_str());
}

bool PrivateFile::write(std::string_view text) {
  if (!error_.empty()) return false;
  while (!text.empty()) {
    const auto count = ::write(file_, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail();
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool PrivateFile::finish() {
  if (!error_.empty()) return false;
  if (!is_stdout() && ::fsync(file_) != 0) return fail();
  finished_ = true;
  return true;
}

bool PrivateFile::fail() {
  error_ = (is_stdout() ? "stdout" : path_) + ": " + std::generic_category().message(errno);
  return false;
}

}  // namespace server::store_cli
