#include "server/session_files/whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace server::session_files {
namespace {

class OpenedFile {
 public:
  // Opening a pipe must not wait for its writer.
  explicit OpenedFile(const std::filesystem::path& path)
      : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  OpenedFile(const OpenedFile&) = delete;
  OpenedFile& operator=(const OpenedFile&) = delete;
  ~OpenedFile() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

// How many bytes came; none where reading failed.
std::optional<std::size_t> fill_from(int from, std::span<std::uint8_t> buffer) {
  std::size_t size = 0;
  while (size < buffer.size()) {
    const auto count = ::read(from, buffer.data() + size, buffer.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  return size;
}

}  // namespace

Outcome<mtproto::SecretBytes> read_whole(const std::filesystem::path& path, std::size_t most) {
  using Out = Outcome<mtproto::SecretBytes>;
  const auto failed = [&] {
    return Out(path.string() + ": " + std::generic_category().message(errno));
  };
  const OpenedFile file(path);
  if (file.number() < 0) return failed();
  struct stat about {};
  if (::fstat(file.number(), &about) != 0) return failed();
  if (!S_ISREG(about.st_mode)) return Out(path.string() + ": not a regular file");
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size > most) {
    return Out(path.string() + ": longer than " + std::to_string(most >> 20) + " MiB");
  }
  mtproto::SecretBytes bytes(size);
  const auto count = fill_from(file.number(), bytes.bytes());
  if (!count) return failed();
  if (*count < size) return Out(path.string() + ": it changed while it was read");
  return bytes;
}

Outcome<mtproto::SecretBytes> read_if_there(const std::filesystem::path& path, std::size_t most) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return mtproto::SecretBytes();
  return read_whole(path, most);
}

std::string in_use(const std::filesystem::path& file) {
  const auto who = who_has_open(file);
  if (who.empty()) return "";
  return file.string() + ": " + who +
         " has it open. End that program first: Telegram ends a key that two use at once";
}

}  // namespace server::session_files
