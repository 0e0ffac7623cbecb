#include "server/access/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>

#include "tl/byte_order_mark.hpp"

namespace server::access {
namespace {

using tl::ByteView;

constexpr mode_t for_others = S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

// How many bytes came; none where reading failed.
std::optional<std::size_t> fill(int from, std::span<std::uint8_t> buffer) {
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

tl::Result<mtproto::SecretBytes, std::string> read_secret_file(const std::string& path) {
  using Out = tl::Result<mtproto::SecretBytes, std::string>;
  const auto failed = [&] { return Out(path + ": " + std::generic_category().message(errno)); };
  // Opening a pipe must not wait for its writer.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.number() < 0) return failed();
  struct stat about {};
  if (::fstat(file.number(), &about) != 0) return failed();
  if (!S_ISREG(about.st_mode)) return Out(path + ": not a regular file");
  if ((about.st_mode & for_others) != 0) {
    return Out(path + ": others may read or change it; chmod 600 " + path);
  }
  if (about.st_uid != ::geteuid() && about.st_uid != 0) {
    return Out(path + ": it belongs to another user, who may change it; chown it to who runs this");
  }
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size > longest_secret_file) return Out(path + ": longer than 1 MiB");
  mtproto::SecretBytes bytes(size);
  const auto count = fill(file.number(), bytes.bytes());
  if (!count) return failed();
  if (*count < size) return Out(path + ": it changed while it was read");
  const auto text = tl::without_mark(tl::as_text(bytes.bytes()));
  if (text.size() < size) return mtproto::SecretBytes(tl::as_bytes(text));
  return bytes;
}

std::optional<std::string> open_to_others(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
  const auto warning = [&](std::string_view what) {
    return path + ": " + std::string(what) + "; chmod 600 " + path;
  };
  if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0) return warning("others may change it");
  if ((about.st_mode & S_IROTH) != 0) return warning("everybody on this machine may read it");
  const bool ours = about.st_uid == ::geteuid();
  if (ours && (about.st_mode & S_IRGRP) != 0) return warning("its group may read it");
  return std::nullopt;
}

}  // namespace server::access
