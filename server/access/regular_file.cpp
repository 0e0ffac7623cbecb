#include "server/access/regular_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <span>
#include <system_error>

namespace server::access {
namespace {

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

tl::Result<mtproto::SecretBytes, std::string> read_regular_file(const std::string& path,
                                                                std::size_t most,
                                                                const FileCheck& check) {
  using Out = tl::Result<mtproto::SecretBytes, std::string>;
  const auto failed = [&] { return Out(path + ": " + std::generic_category().message(errno)); };
  // Opening a pipe must not wait for its writer.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.number() < 0) return failed();
  struct stat about {};
  if (::fstat(file.number(), &about) != 0) return failed();
  if (!S_ISREG(about.st_mode)) return Out(path + ": not a regular file");
  if (check) {
    if (const auto why = check(about)) return Out(path + ": " + *why);
  }
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size > most) return Out(path + ": longer than " + std::to_string(most >> 20) + " MiB");
  mtproto::SecretBytes bytes(size);
  const auto count = fill(file.number(), bytes.bytes());
  if (!count) return failed();
  if (*count < size) return Out(path + ": it changed while it was read");
  return bytes;
}

}  // namespace server::access
