#include "server/sandbox/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "tl/byte_order_mark.hpp"

namespace server::sandbox {
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
  bool good() const { return number_ >= 0; }

 private:
  int number_;
};

[[noreturn]] void fail(const std::string& what, int error) {
  throw std::runtime_error(what + ": " + std::strerror(error));
}

}  // namespace

std::optional<std::string> read_private_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.good()) {
    if (errno == ENOENT) return std::nullopt;
    fail("can't read " + path, errno);
  }
  std::string out;
  char buffer[65536];
  while (true) {
    const auto size = ::read(file.number(), buffer, sizeof buffer);
    if (size == 0) return std::string(tl::without_mark(out));
    if (size < 0) {
      if (errno == EINTR) continue;
      fail("can't read " + path, errno);
    }
    out.append(buffer, static_cast<std::size_t>(size));
  }
}

void write_private_file(const std::string& path, std::string_view text, unsigned mode) {
  auto beside = path + ".XXXXXX";
  const Descriptor file(::mkostemp(beside.data(), O_CLOEXEC));
  if (!file.good()) fail("can't write beside " + path, errno);
  const auto discard = [&](int error) {
    ::unlink(beside.c_str());
    fail("can't write " + path, error);
  };
  if (::fchmod(file.number(), mode) != 0) discard(errno);
  while (!text.empty()) {
    const auto size = ::write(file.number(), text.data(), text.size());
    if (size < 0) {
      if (errno == EINTR) continue;
      discard(errno);
    }
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  if (::fsync(file.number()) != 0) discard(errno);
  if (::rename(beside.c_str(), path.c_str()) != 0) discard(errno);
}

}  // namespace server::sandbox
