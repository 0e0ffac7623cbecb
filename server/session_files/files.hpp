// Where the readers have another program's files from: the disk, or bytes that somebody gave.
// A path is a name only; nothing here writes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mtproto/crypto/secret.hpp"
#include "server/session_files/found_session.hpp"

namespace server::session_files {

// A cache of a million chats is in the same database as the key.
inline constexpr std::size_t longest_database = std::size_t{256} << 20;
inline constexpr std::size_t longest_small_file = std::size_t{1} << 20;

class Files {
 public:
  using Path = std::filesystem::path;

  virtual ~Files() = default;
  virtual bool exists(const Path&) const = 0;
  virtual bool is_folder(const Path&) const = 0;
  // A regular file of at most `most` bytes, whole. The error begins with its name.
  virtual Outcome<mtproto::SecretBytes> read(const Path&, std::size_t most) const = 0;
  // What lies in a folder and has a name that ends so: at most `most`.
  virtual std::vector<Path> list(const Path& folder, std::string_view ending,
                                 std::size_t most) const = 0;
  // Which other process has `file` open or locked, or any file below `file` where that is a folder:
  // "python3 (process 123)". Empty where none was found; those of other users are not seen.
  virtual std::string who_has_open(const Path& file) const = 0;

  // As read(), and empty where there is no such file.
  Outcome<mtproto::SecretBytes> read_if_there(const Path& path, std::size_t most) const {
    return exists(path) ? read(path, most) : mtproto::SecretBytes();
  }
  // That somebody has it open, in a sentence which begins with the file's name: Telegram ends a key
  // that two programs use at a time, so it is nobody's to take. Empty where nobody has.
  std::string in_use(const Path& file) const {
    const auto who = who_has_open(file);
    if (who.empty()) return "";
    return file.string() + ": " + who +
           " has it open. End that program first: Telegram ends a key that two use at once";
  }
};

}  // namespace server::session_files
