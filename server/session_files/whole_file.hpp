// Files of other programs: read whole into memory that is wiped, and never written.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "mtproto/crypto/secret.hpp"
#include "server/session_files/found_session.hpp"

namespace server::session_files {

// A cache of a million chats is in the same database as the key.
inline constexpr std::size_t longest_database = std::size_t{256} << 20;
inline constexpr std::size_t longest_small_file = std::size_t{1} << 20;

// A regular file of at most `most` bytes. The error begins with its name.
Outcome<mtproto::SecretBytes> read_whole(const std::filesystem::path&, std::size_t most);

// The same, and empty where there is no such file.
Outcome<mtproto::SecretBytes> read_if_there(const std::filesystem::path&, std::size_t most);

// Which other process has `file` open or locked, or any file below `file` where that is a folder:
// "python3 (process 123)". Empty where none was found; those of other users are not seen.
std::string who_has_open(const std::filesystem::path& file);

// That in a sentence which begins with the file's name: Telegram ends a key that two programs use
// at a time, so it is nobody's to take. Empty where nobody has it open.
std::string in_use(const std::filesystem::path& file);

}  // namespace server::session_files
