// Files that hold secrets: who but their owner may get at them.
#pragma once

#include <optional>
#include <string>

#include "mtproto/crypto/secret.hpp"
#include "tl/result.hpp"

namespace server::access {

inline constexpr std::size_t longest_secret_file = std::size_t{1} << 20;

// Its bytes behind a byte order mark, where nobody else may read or change them; or a sentence
// that begins with its name.
tl::Result<mtproto::SecretBytes, std::string> read_secret_file(const std::string& path);

// The same, of bytes that are no text: all of them, whatever they begin with.
tl::Result<mtproto::SecretBytes, std::string> read_secret_bytes(const std::string& path);

// For a file that is used all the same: who else may read or change it, and what to do, in a
// sentence that begins with its name. None where nobody may, or it is not there. A group that does
// not belong to us may be how we read it ourselves.
std::optional<std::string> open_to_others(const std::string& path);

}  // namespace server::access
