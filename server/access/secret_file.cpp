#include "server/access/secret_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string_view>

#include "server/access/regular_file.hpp"
#include "tl/byte_order_mark.hpp"

namespace server::access {
namespace {

constexpr mode_t for_others = S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;

// In a folder that the service manager made for this process alone: systemd says by access lists who
// may read there, which a file's mode shows as its group's. systemd.exec(5), "Credentials".
bool is_credential(const std::string& path) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  return folder != nullptr && *folder != '\0' && path.starts_with(std::string(folder) + "/");
}

// Nobody else may get at it.
std::optional<std::string> refuse_others(const std::string& path, const struct stat& about) {
  if (is_credential(path)) return std::nullopt;
  if ((about.st_mode & for_others) != 0) {
    return "others may read or change it; chmod 600 " + path;
  }
  if (about.st_uid != ::geteuid() && about.st_uid != 0) {
    return "it belongs to another user, who may change it; chown it to who runs this";
  }
  return std::nullopt;
}

}  // namespace

tl::Result<mtproto::SecretBytes, std::string> read_secret_bytes(const std::string& path) {
  return read_regular_file(path, longest_secret_file,
                           [&](const struct stat& about) { return refuse_others(path, about); });
}

tl::Result<mtproto::SecretBytes, std::string> read_secret_file(const std::string& path) {
  auto bytes = read_secret_bytes(path);
  if (!bytes) return bytes;
  const auto text = tl::without_mark(tl::as_text(bytes->bytes()));
  if (text.size() < bytes->size()) return mtproto::SecretBytes(tl::as_bytes(text));
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
