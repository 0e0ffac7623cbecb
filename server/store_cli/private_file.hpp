// Where secrets go that somebody asked for: a new file for its owner alone, or stdout.
#pragma once

#include <string>
#include <string_view>

namespace server::store_cli {

class PrivateFile {
 public:
  // `path`: a file that is not there yet, or "-" for stdout.
  explicit PrivateFile(std::string path);
  // What was not finished is not left behind.
  ~PrivateFile();
  PrivateFile(const PrivateFile&) = delete;
  PrivateFile& operator=(const PrivateFile&) = delete;

  // False after the first failure; error() then says which.
  bool write(std::string_view text);
  // It is on the disk.
  bool finish();
  const std::string& error() const { return error_; }

 private:
  bool fail();
  bool is_stdout() const { return path_ == "-"; }

  std::string path_;
  int file_ = -1;
  bool finished_ = false;
  std::string error_;
};

}  // namespace server::store_cli
