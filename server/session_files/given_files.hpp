// Files that somebody handed over as bytes, under the paths that they had beside each other. They
// never touch a disk, and are wiped when this goes. Paths and sizes are a stranger's.
#pragma once

#include <map>

#include "server/session_files/files.hpp"

namespace server::session_files {

class GivenFiles final : public Files {
 public:
  static constexpr std::size_t most_files = 4096;
  static constexpr std::size_t most_bytes = std::size_t{64} << 20;  // of all together
  static constexpr std::size_t longest_path = 1024;

  // Under a relative path such as "tdata/key_datas". Empty, or why it is not taken: a sentence.
  std::string add(std::string_view path, mtproto::SecretBytes bytes);

  // What a person would name of these: the one file, the database of those that lie beside it, or
  // the folder that all are in. Empty: the files lie in none.
  Path root() const;

  // The empty path is the folder that all else is in.
  bool exists(const Path&) const override;
  bool is_folder(const Path&) const override;
  Outcome<mtproto::SecretBytes> read(const Path&, std::size_t most) const override;
  std::vector<Path> list(const Path& folder, std::string_view ending,
                         std::size_t most) const override;
  // Nobody sees that from here.
  std::string who_has_open(const Path&) const override { return ""; }

 private:
  std::map<std::string, mtproto::SecretBytes, std::less<>> files_;
  std::size_t bytes_ = 0;
};

}  // namespace server::session_files
