#include "server/logs/journal.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace server::logs {

bool is_file(std::string_view stream, int descriptor) {
  struct stat file {};
  if (stream.empty() || ::fstat(descriptor, &file) != 0) return false;
  return stream == std::to_string(file.st_dev) + ":" + std::to_string(file.st_ino);
}

bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  return stream != nullptr && is_file(stream, STDERR_FILENO);
}

std::string_view priority(Level level) {
  switch (level) {
    case Level::trace:
    case Level::debug:
      return "<7>";
    case Level::info:
      return "<6>";
    case Level::warning:
      return "<4>";
    case Level::error:
    case Level::off:
      break;
  }
  return "<3>";
}

}  // namespace server::logs
