#include "server/session_files/whole_file.hpp"

#include <system_error>

#include "server/access/regular_file.hpp"

namespace server::session_files {

Outcome<mtproto::SecretBytes> read_whole(const std::filesystem::path& path, std::size_t most) {
  return access::read_regular_file(path.string(), most);
}

Outcome<mtproto::SecretBytes> read_if_there(const std::filesystem::path& path, std::size_t most) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return mtproto::SecretBytes();
  return read_whole(path, most);
}

std::string in_use(const std::filesystem::path& file) {
  const auto who = who_has_open(file);
  if (who.empty()) return "";
  return file.string() + ": " + who +
         " has it open. End that program first: Telegram ends a key that two use at once";
}

}  // namespace server::session_files
