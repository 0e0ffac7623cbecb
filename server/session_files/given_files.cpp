#include "server/session_files/given_files.hpp"

#include <algorithm>
#include <array>
#include <system_error>

namespace server::session_files {
namespace {

bool is_relative_path(std::string_view path) {
  if (path.size() > GivenFiles::longest_path || path.find('\0') != path.npos) return false;
  for (;;) {
    const auto end = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, end);
    if (part.empty() || part == "." || part == "..") return false;
    if (end == path.size()) return true;
    path.remove_prefix(end + 1);
  }
}

// What SQLite keeps beside a database while it is written.
bool is_companion(std::string_view path) {
  constexpr std::array<std::string_view, 3> endings{"-wal", "-journal", "-shm"};
  return std::ranges::any_of(endings, [&](auto ending) { return path.ends_with(ending); });
}

// As the front of the paths below it.
std::string below(const Files::Path& folder) {
  auto text = folder.string();
  if (!text.empty()) text += '/';
  return text;
}

}  // namespace

std::string GivenFiles::add(std::string_view path, mtproto::SecretBytes bytes) {
  if (!is_relative_path(path)) {
    return "a file's path is names with \"/\" between them, in at most 1,024 bytes; neither \"..\" "
           "nor an empty one";
  }
  if (files_.contains(path)) return std::string(path) + ": it is given twice";
  if (files_.size() == most_files) return "at most 4,096 files are taken";
  if (bytes.size() > most_bytes - bytes_) return "at most 64 MiB of files are taken";
  bytes_ += bytes.size();
  files_.emplace(path, std::move(bytes));
  return "";
}

Files::Path GivenFiles::root() const {
  const std::string* only = nullptr;
  for (const auto& [path, bytes] : files_) {
    if (is_companion(path)) continue;
    if (only != nullptr) {
      only = nullptr;
      break;
    }
    only = &path;
  }
  if (only != nullptr) return *only;
  if (files_.empty()) return {};
  // Sorted: what the first and the last have in front, all between them have.
  const std::string_view first = files_.begin()->first;
  const auto end = first.find('/');
  if (end == first.npos) return {};
  const auto front = first.substr(0, end + 1);
  return files_.rbegin()->first.starts_with(front) ? Path(first.substr(0, end)) : Path();
}

bool GivenFiles::exists(const Path& path) const {
  return files_.contains(path.string()) || is_folder(path);
}

bool GivenFiles::is_folder(const Path& path) const {
  const auto front = below(path);
  const auto at = files_.lower_bound(front);
  return at != files_.end() && at->first.starts_with(front);
}

Outcome<mtproto::SecretBytes> GivenFiles::read(const Path& path, std::size_t most) const {
  const auto at = files_.find(path.string());
  const auto wrong = [&](const std::string& why) { return path.string() + ": " + why; };
  if (at == files_.end()) {
    if (is_folder(path)) return wrong("not a regular file");
    return wrong(std::generic_category().message(ENOENT));
  }
  if (at->second.size() > most) {
    return wrong("longer than " + std::to_string(most >> 20) + " MiB");
  }
  return at->second;
}

std::vector<Files::Path> GivenFiles::list(const Path& folder, std::string_view ending,
                                          std::size_t most) const {
  const auto front = below(folder);
  std::vector<Path> found;
  for (auto at = files_.lower_bound(front); at != files_.end() && at->first.starts_with(front);
       ++at) {
    if (found.size() == most) break;
    const auto name = std::string_view(at->first).substr(front.size());
    if (name.find('/') == name.npos && name.ends_with(ending)) found.emplace_back(at->first);
  }
  return found;
}

}  // namespace server::session_files
