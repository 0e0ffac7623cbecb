// Files of other programs on this machine's disk.
#pragma once

#include "server/session_files/files.hpp"

namespace server::session_files {

class DiskFiles final : public Files {
 public:
  bool exists(const Path&) const override;
  bool is_folder(const Path&) const override;
  Outcome<mtproto::SecretBytes> read(const Path&, std::size_t most) const override;
  std::vector<Path> list(const Path& folder, std::string_view ending,
                         std::size_t most) const override;
  std::string who_has_open(const Path&) const override;  // in who_has_open.cpp
};

}  // namespace server::session_files
