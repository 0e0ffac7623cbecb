// A file of a test's own, gone with it.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <string_view>

namespace server::test {

class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text, mode_t mode = 0600) {
    ::close(::mkstemp(name_.data()));
    std::ofstream(name_, std::ios::binary) << text;
    ::chmod(name_.c_str(), mode);
  }
  ~TemporaryFile() { ::unlink(name_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& name() const { return name_; }

 private:
  std::string name_ = "access_test_XXXXXX";
};

}  // namespace server::test
