#include "server/session_files/disk_files.hpp"

#include <system_error>

#include "server/access/regular_file.hpp"

namespace server::session_files {

bool DiskFiles::exists(const Path& path) const {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

bool DiskFiles::is_folder(const Path& path) const {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

Outcome<mtproto::SecretBytes> DiskFiles::read(const Path& path, std::size_t most) const {
  return access::read_regular_file(path.string(), most);
}

std::vector<Files::Path> DiskFiles::list(const Path& folder, std::string_view ending,
                                         std::size_t most) const {
  std::vector<Path> found;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (found.size() == most) break;
    if (at->path().filename().string().ends_with(ending)) found.push_back(at->path());
  }
  return found;
}

}  // namespace server::session_files
