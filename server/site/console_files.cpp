#include "server/site/console_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "server/site/embedded_files.hpp"
#include "server/site/file_types.hpp"

namespace server::site {
namespace {

namespace fs = std::filesystem;

// "/a/b.js": no part is empty or begins with a dot, no byte could mean something else to the
// system than to us.
bool is_plain(std::string_view path) {
  if (path.size() > ConsoleFiles::max_path || !path.starts_with('/') || path.ends_with('/')) {
    return false;
  }
  if (path.find("/.") != path.npos || path.find("//") != path.npos) return false;
  return std::none_of(path.begin(), path.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == 0x7F;
  });
}

bool is_inside(const fs::path& file, const fs::path& folder) {
  const auto relative = file.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

std::optional<std::string> read_all(int file) {
  struct stat about {};
  if (::fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) return {};
  if (about.st_size < 0 || static_cast<std::size_t>(about.st_size) > ConsoleFiles::max_size) {
    return {};
  }
  // It may be growing or shrinking under us.
  std::string out(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t size = 0;
  while (size < out.size()) {
    const auto got = ::read(file, out.data() + size, out.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return {};
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  out.resize(size);
  return out;
}

// A page of HTML may say which version it is of.
Page page_of(std::string_view type, std::string body) {
  constexpr std::string_view mark = "%VERSION%";
  if (const auto at = body.find(mark); type == type::html && at != body.npos) {
    body.replace(at, mark.size(), STREAMJSON_VERSION);
  }
  return make_page(type, std::move(body));
}

// Not through a link, and never waiting for the other end of a pipe.
std::optional<std::string> read_regular(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return {};
  auto out = read_all(file);
  ::close(file);
  return out;
}

}  // namespace

ConsoleFiles::ConsoleFiles() {
  for (const auto& [path, bytes] : embedded_files()) {
    if (!file_type(path).empty()) embedded_[path].bytes = bytes;
  }
}

ConsoleFiles::ConsoleFiles(fs::path folder) : folder_(std::move(folder)) {}

std::optional<Page> ConsoleFiles::find(std::string_view path) const {
  if (path == "/") path = "/index.html";
  if (folder_.empty()) {
    const auto found = embedded_.find(path);
    if (found == embedded_.end()) return {};
    auto& [bytes, once, page] = found->second;
    std::call_once(once, [&] { page = page_of(file_type(path), std::string(bytes)); });
    return page;
  }
  const auto type = file_type(path);
  if (type.empty() || !is_plain(path)) return {};
  return read(path, type);
}

std::optional<Page> ConsoleFiles::read(std::string_view path, std::string_view type) const {
  std::error_code failed;
  const auto folder = fs::canonical(folder_, failed);
  if (failed) return {};
  const auto file = fs::canonical(folder / path.substr(1), failed);
  if (failed || !is_inside(file, folder)) return {};
  auto body = read_regular(file);
  if (!body) return {};
  return page_of(type, std::move(*body));
}

}  // namespace server::site
